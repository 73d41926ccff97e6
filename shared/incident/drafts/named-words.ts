/** What the desk named as broken, in its own words: for the house, and for the provider that it names. */
import { clean } from '../../text.ts';
import type { Statement } from '../draft.ts';
import type { DiagnosisFact } from '../report/schema-parts.ts';
import { type Page, say, seen } from './page.ts';

const mostNamed = 6;

const quoted = ({ sentence, works }: DiagnosisFact): string =>
  `“${seen(sentence)}”${works === null ? '' : ` (what still worked: ${seen(works)})`}`;

const broken = (isSure: boolean): string => (isSure ? 'broken' : 'most likely broken');

/** For the summary: what most is explained by. Words that only say the name of the alert again are none. */
export function namedShortly({ facts }: Page): Statement[] {
  const it = facts.diagnosis.filter(({ role }) => role === 'main').toSorted((a, b) => b.explains - a.explains)[0];
  if (!it?.saysMore) return [];
  return say(`What the desk named as ${broken(it.sureAt !== null)}: ${quoted(it)}.`, it.evidence);
}

/** For how it was noticed: when it named what. */
export function namedWhen({ facts, times }: Page): Statement[] {
  const first = facts.firstSymptom;
  return facts.diagnosis
    .filter((it, index, all) => it.saysMore && all.findIndex((one) => one.sentence === it.sentence) === index)
    .slice(0, mostNamed)
    .flatMap((it, index) => {
      const after =
        first && it.at - first.at >= 1_000 && index === 0 ? `, ${times.duration(it.at - first.at)} after the first symptom` : '';
      return say(
        `The desk named this as ${broken(it.sureAt === it.at)} ${times.when(it.at)}${after}: ${quoted({ ...it, works: null })}.`,
        it.evidence,
      );
    });
}

/** For the provider of a link: only where the desk named this link, and no other that it may be as well. */
export function namedToProvider({ facts, times }: Page, link: string): Statement[] {
  const it = facts.diagnosis.findLast(({ role, culprits }) => role === 'main' && culprits.length === 1 && culprits[0] === link);
  return it ? say(`Our monitoring put it down to this circuit ${times.when(it.at)}: “${clean(seen(it.sentence), 200)}”.`, it.evidence) : [];
}
