/** Who is on call: by overrides, then weekly shifts, then rotation, each in the rota's zone. */
import { DateTime } from 'luxon';
import type { NotifyConfig, Rota } from '../model/notify.ts';
import { DAY } from '../time.ts';
import { type Stretch, weeklyTimes } from './weekly.ts';

interface Duty extends Stretch {
  person: string;
}
type People = Pick<NotifyConfig, 'people'>;

/** As far as it is looked into the future for the next change. */
const lookAheadMs = [8 * DAY, 35 * DAY, 400 * DAY];

/**
 * @param config a person who is not in it is not on call
 * @param zone the organization's, for a rota without one
 * @returns who is on call (null: nobody), and until when that stays so (null: no change in sight)
 */
export function onCall(rota: Rota, config: People, zone: string, now: number): { person: string | null; until: number | null } {
  for (const ahead of lookAheadMs) {
    const [first, next] = stretchesOf(rota, zone, now, now + ahead, config);
    if (next || ahead === lookAheadMs.at(-1)) return { person: first?.person ?? null, until: next ? next.from : null };
  }
  return { person: null, until: null };
}

/** When nobody is on call. @returns within [from, to), oldest first */
export const rotaHoles = (rota: Rota, from: number, to: number, zone: string): Stretch[] =>
  stretchesOf(rota, zone, from, to, null)
    .filter((it) => it.person === null)
    .map((it) => ({ from: it.from, to: it.to }));

/** Everybody a rota names, each once: they are told where nobody is on call. */
export const peopleOfRota = (rota: Rota): string[] => [
  ...new Set([...rota.overrides.map((it) => it.person), ...rota.shifts.map((it) => it.person), ...(rota.rotation?.people ?? [])]),
];

/** Who is on call over a stretch of time, without a gap; neighbours differ. */
function stretchesOf(rota: Rota, zone: string, from: number, to: number, config: People | null): (Stretch & { person: string | null })[] {
  const known = config && new Set(config.people.map((it) => it.id));
  const duties = dutiesOf(rota, rota.timezone ?? zone, from, to).filter((it) => !known || known.has(it.person));
  const edges = [...new Set([from, ...duties.flatMap((it) => [it.from, it.to])])]
    .filter((at) => at >= from && at < to)
    .sort((a, b) => a - b);
  const found: (Stretch & { person: string | null })[] = [];
  edges.forEach((at, index) => {
    const person = duties.find((it) => it.from <= at && at < it.to)?.person ?? null;
    const end = edges[index + 1] ?? to;
    const last = found.at(-1);
    if (last && last.person === person) last.to = end;
    else found.push({ from: at, to: end, person });
  });
  return found;
}

/** All that touches the stretch; what comes first wins. */
function dutiesOf({ overrides, shifts, rotation }: Rota, zone: string, from: number, to: number): Duty[] {
  return [
    ...overrides.map((it) => ({ person: it.person, from: Date.parse(it.from), to: Date.parse(it.to) })),
    ...shifts.flatMap((it) => weeklyTimes(it, zone, from, to).map((stretch) => ({ ...stretch, person: it.person }))),
    ...(rotation ? turnsOf(rotation, zone, from, to) : []),
  ];
}

/** Turns of whole days change at the same hour of the day, whatever the clocks do; others go by real time. */
function turnsOf({ people, every, since }: NonNullable<Rota['rotation']>, zone: string, from: number, to: number): Duty[] {
  const begin = DateTime.fromISO(since, { zone });
  const days = every % DAY === 0 ? every / DAY : null;
  const turnAt = (turn: number): number => (days === null ? begin.toMillis() + turn * every : begin.plus({ days: turn * days }).toMillis());
  const found: Duty[] = [];
  // An hour that the clocks gain or lose moves a turn by less than one.
  let turn = Math.max(0, Math.floor((from - begin.toMillis()) / every) - 1);
  for (let at = turnAt(turn); at <= to; turn += 1) {
    const next = turnAt(turn + 1);
    if (next > from) found.push({ person: people[turn % people.length] as string, from: at, to: next });
    at = next;
  }
  return found;
}
