/** What the desk named as broken: its own words, each resting on the line of the timeline that told them. */
import { clean } from '../../text.ts';
import { type Diagnosed, namingsOf } from '../namings.ts';
import type { DiagnosisFact } from './schema-parts.ts';
import type { Context } from './things.ts';

const mostDiagnoses = 50;

export function diagnosisFacts({ input, facts }: Context): DiagnosisFact[] {
  const factOf = ({ id, at, payload }: Diagnosed, role: DiagnosisFact['role']): DiagnosisFact => ({
    at,
    role,
    alert: payload.alert,
    kind: payload.explanation.kind,
    culprits: payload.explanation.culprits.slice(0, 20),
    prefixes: payload.explanation.prefixes.slice(0, 50),
    sentence: clean(payload.explanation.sentence, 200),
    confidence: payload.confidence === 'sure' ? 'sure' : 'likely',
    works: payload.works === null ? null : clean(payload.works, 200),
    evidence: [id],
  });
  return namingsOf(input, facts.scope)
    .flatMap(({ first, final }) => [...(first ? [factOf(first, 'first')] : []), factOf(final, 'final')])
    .sort((a, b) => a.at - b.at)
    .slice(0, mostDiagnoses);
}
