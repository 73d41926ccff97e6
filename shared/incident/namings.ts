/** What the desk named as broken, and when: of each alert the words it ended with, and the first that named the same thing. */
import type { Alert } from '../model/alert.ts';
import type { NightEvent } from '../model/event.ts';
import type { DraftInput } from './input.ts';
import type { Scope } from './scope.ts';

export type Diagnosed = Extract<NightEvent, { kind: 'diagnosed' }>;

export interface Naming {
  alert: Alert;
  /** The first that said just this. */
  final: Diagnosed;
  /** One before it that named the same thing in other words, such as fewer prefixes; null = there was none. */
  first: Diagnosed | null;
}

const sameList = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((it) => b.includes(it));

/** Only what was told counts: a guess, and what was never told, did not name it. Alerts that went on in another one are told with that. */
export function namingsOf(input: Pick<DraftInput, 'alerts' | 'events' | 'to'>, { merged }: Pick<Scope, 'merged'>): Naming[] {
  const told = Map.groupBy(
    input.events.filter((it): it is Diagnosed => it.kind === 'diagnosed' && it.at <= input.to && it.payload.confidence !== 'unsure'),
    (it) => it.payload.alert,
  );
  return input.alerts.flatMap((alert): Naming[] => {
    const said = told.get(alert.id) ?? [];
    const last = merged.get(alert.id)?.within ? undefined : lastOf(alert, said, input.to);
    if (!last) return [];
    const { sentence, culprits } = last.payload.explanation;
    const final = said.find((it) => it.payload.explanation.sentence === sentence) ?? last;
    const first = said.find((it) => sameList(it.payload.explanation.culprits, culprits)) ?? final;
    return [{ alert, final, first: first.at < final.at && first.payload.explanation.sentence !== sentence ? first : null }];
  });
}

/** One that has ended goes by what it was at its widest, not by what was left of it in its last minutes. */
function lastOf({ endedAt, diagnosis }: Alert, said: readonly Diagnosed[], to: number): Diagnosed | undefined {
  if (endedAt === null || endedAt > to || !diagnosis) return said.at(-1);
  const { sentence, culprits } = diagnosis.best;
  return (
    said.findLast((it) => it.payload.explanation.sentence === sentence) ??
    said.findLast((it) => sameList(it.payload.explanation.culprits, culprits)) ??
    said.at(-1)
  );
}
