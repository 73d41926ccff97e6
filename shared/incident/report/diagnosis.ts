/** What the desk named as broken: its own words, each resting on the line of the timeline that told them. */
import { clean } from '../../text.ts';
import { type Named, namingsOf } from '../namings.ts';
import type { DiagnosisFact } from './schema-parts.ts';
import { type Context, keys } from './things.ts';

const mostDiagnoses = 50;

export function diagnosisFacts({ input, facts }: Context): DiagnosisFact[] {
  const factOf = ({ first, surest, saysMore }: Named, role: DiagnosisFact['role']): DiagnosisFact => {
    const { alert, explanation, works, confidence } = surest.payload;
    return {
      at: first.at,
      role,
      alert,
      kind: explanation.kind,
      culprits: explanation.culprits.slice(0, 20),
      prefixes: explanation.prefixes.slice(0, 50),
      sentence: clean(explanation.sentence, 200),
      confidence: confidence === 'sure' ? 'sure' : 'likely',
      sureAt: confidence === 'sure' ? surest.at : null,
      works: works === null ? null : clean(works, 200),
      saysMore,
      explains: explanation.explains.length,
      evidence: keys([first.id, surest.id]),
    };
  };
  return namingsOf(input, facts.scope)
    .flatMap(({ before, main }) => [...(before ? [factOf(before, 'first')] : []), factOf(main, 'main')])
    .sort((a, b) => a.at - b.at)
    .slice(0, mostDiagnoses);
}
