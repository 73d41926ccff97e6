/** What the desk named as broken, and when: of each alert the cause that stood longest, and the first words that named the same thing. */
import { withoutFigures } from '../diagnosis/figures.ts';
import type { NightEvent } from '../model/event.ts';
import type { DraftInput } from './input.ts';
import type { Scope } from './scope.ts';

export type Diagnosed = Extract<NightEvent, { kind: 'diagnosed' }>;

/** A sentence that was said of an alert. */
export interface Named {
  /** The first time that it was said, and the surest. */
  first: Diagnosed;
  surest: Diagnosed;
  /** It says something else than the alert was called at some time. */
  saysMore: boolean;
}
export interface Naming {
  /** What stood longest: names that came and went, and those of its last minutes, are not it. */
  main: Named;
  /** One before it that named the same thing in other words, such as fewer prefixes; null = there was none. */
  before: Named | null;
}

/** For how long each was what was said. */
interface Stood {
  named: Named;
  ms: number;
}

const causeOf = ({ payload: { explanation: it } }: Diagnosed): string => JSON.stringify([it.kind, it.culprits, it.prefixes]);
const sentenceOf = ({ payload }: Diagnosed): string => payload.explanation.sentence;
const isGuess = ({ payload }: Diagnosed): boolean => payload.confidence === 'unsure';

/** Only what was told counts; a guess did not name it. Alerts that went on in another one are told with that. */
export function namingsOf(input: Pick<DraftInput, 'alerts' | 'events' | 'to'>, { merged }: Pick<Scope, 'merged'>): Naming[] {
  const told = Map.groupBy(
    input.events.filter((it): it is Diagnosed => it.kind === 'diagnosed' && it.at <= input.to),
    (it) => it.payload.alert,
  );
  return input.alerts.flatMap((alert): Naming[] => {
    const said = merged.get(alert.id)?.within ? [] : (told.get(alert.id) ?? []);
    const titles = new Set([alert.title, ...input.events.flatMap((it) => titleIn(it, alert.id))].map(withoutFigures));
    const all = stood(said, Math.min(alert.endedAt ?? input.to, input.to), titles);
    const main = longest(all);
    if (!main) return [];
    const culprits = JSON.stringify(main.first.payload.explanation.culprits);
    const same = all.map(({ named }) => named).find((it) => JSON.stringify(it.first.payload.explanation.culprits) === culprits);
    return [{ main, before: same && sentenceOf(same.first) !== sentenceOf(main.first) ? same : null }];
  });
}

const titleIn = (event: NightEvent, alert: string): string[] =>
  (event.kind === 'alert-raised' || event.kind === 'alert-updated') && event.payload.alert === alert ? [event.payload.title] : [];

/** By cause and sentence, in the order in which they were first said. @param said ascending @param end of the alert, epoch ms */
function stood(said: readonly Diagnosed[], end: number, titles: ReadonlySet<string>): Stood[] {
  const found = new Map<string, Stood>();
  for (const [index, it] of said.entries()) {
    if (isGuess(it)) continue;
    const key = `${causeOf(it)} ${sentenceOf(it)}`;
    const saysMore = !titles.has(withoutFigures(sentenceOf(it)));
    const { named, ms } = found.get(key) ?? { named: { first: it, surest: it, saysMore }, ms: 0 };
    const surest = it.payload.confidence === 'sure' && named.surest.payload.confidence !== 'sure' ? it : named.surest;
    found.set(key, { named: { ...named, surest }, ms: ms + Math.max(0, (said[index + 1]?.at ?? end) - it.at) });
  }
  return [...found.values()];
}

/** The cause that stood longest, in the words in which it did. */
function longest(all: readonly Stood[]): Named | undefined {
  const most = (list: readonly Stood[]): Stood | undefined => list.toSorted((a, b) => b.ms - a.ms)[0];
  const causes = [...Map.groupBy(all, (it) => causeOf(it.named.first)).values()];
  const sum = (list: readonly Stood[]): number => list.reduce((ms, it) => ms + it.ms, 0);
  return most(causes.toSorted((a, b) => sum(b) - sum(a))[0] ?? [])?.named;
}

/** Several alerts may have one cause: each sentence once, the first time it was said; what only says the name of its alert is no turn. */
export function turnsOfNaming(namings: readonly Naming[]): Diagnosed[] {
  const all = namings
    .flatMap(({ before, main }) => [...(before ? [before] : []), main])
    .flatMap(({ first, saysMore }) => (saysMore ? [first] : []))
    .sort((a, b) => a.at - b.at);
  return all.filter((it, index) => all.findIndex((one) => sentenceOf(one) === sentenceOf(it)) === index);
}
