/** Cron lines of five fields, read in a time zone, by croner. */
import { Cron } from 'croner';

interface CronLine {
  /** The first time after a moment, epoch ms; null = never again. */
  after(moment: number): number | null;
  /** The last time at or before a moment, epoch ms; null = none. */
  upTo(moment: number): number | null;
}

/** Reading a line takes longer than asking it, and the same few are asked all day. */
const read = new Map<string, CronLine | string>();
const mostRead = 500;

/** @returns null where the line or the zone cannot be read, or the line never comes true (30 February) */
export function cronLine(cron: string, zone: string): CronLine | null {
  const line = readLine(cron, zone);
  return typeof line === 'string' ? null : line;
}

/** @returns what was expected, where a line cannot be read or never comes true; null = it is fine */
export function cronProblem(cron: string, zone: string): string | null {
  const line = readLine(cron, zone);
  return typeof line === 'string' ? line : null;
}

function readLine(cron: string, zone: string): CronLine | string {
  const key = `${zone} ${cron}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  const line = parseLine(cron.trim(), zone);
  if (read.size >= mostRead) read.clear();
  read.set(key, line);
  return line;
}

const expected = 'a cron line of five fields (minute, hour, day, month, weekday), such as "0 4 * * 0" for Sundays at 04:00';

function parseLine(cron: string, zone: string): CronLine | string {
  let jobs: Cron[];
  try {
    const whole = new Cron(cron, { timezone: zone, mode: '5-part' });
    if (whole.nextRun(new Date(0)) === null) return 'a cron line that comes true; this one never does';
    jobs = fixedTimes(cron)?.map((line) => new Cron(line, { timezone: zone, mode: '5-part' })) ?? [whole];
  } catch {
    return expected;
  }
  const next = (moment: number) => extreme(jobs, moment, (job) => job.nextRun(new Date(moment)), Math.min);
  // Whole seconds, and strictly before: one second more takes the moment itself in.
  const last = (moment: number) =>
    extreme(jobs, moment, (job) => job.previousRuns(1, new Date(Math.floor(moment / 1_000) * 1_000 + 1_000))[0] ?? null, Math.max);
  /** The two times round the moment that was asked for before: the clock moves within them for long. */
  let around: { last: number | null; next: number | null } | null = null;
  const look = (moment: number) => {
    if (around && moment >= (around.last ?? Number.POSITIVE_INFINITY) && moment < (around.next ?? Number.POSITIVE_INFINITY)) return around;
    around = { last: moment === around?.next ? moment : last(moment), next: next(moment) };
    return around;
  };
  return { after: (moment) => look(moment).next, upTo: (moment) => look(moment).last };
}

/** Beyond these years no date is one. */
const earliest = Date.UTC(1900, 0);
const latest = Date.UTC(9000, 0);

function extreme(
  jobs: readonly Cron[],
  moment: number,
  ask: (job: Cron) => Date | null,
  pick: (...all: number[]) => number,
): number | null {
  if (!(moment > earliest && moment < latest)) return null;
  const times = jobs.flatMap((job) => ask(job)?.getTime() ?? []);
  return times.length === 0 ? null : pick(...times);
}

const mostFixedTimes = 48;

/**
 * A line that names its minutes and hours ("0 2,14 * * *") as one line for each time of day. When clocks go forward, cron moves a
 * time that does not exist to the end of the gap, and when they go back it lets an ambiguous one happen once (cron(8), as in Vixie
 * and Debian); croner does so for single times only. Lines with `*` or steps go by the hour that passes, as they should.
 * @returns null where the line is none of these, or one time only
 */
function fixedTimes(cron: string): string[] | null {
  const [minute = '', hour = '', ...rest] = cron.split(/\s+/);
  const minutes = listed(minute);
  const hours = listed(hour);
  if (!minutes || !hours) return null;
  const times = hours.flatMap((h) => minutes.map((m) => `${m} ${h} ${rest.join(' ')}`));
  return times.length > 1 && times.length <= mostFixedTimes ? times : null;
}

/** "1,3-5" as numbers; null where it is not plain numbers. croner has seen it: the numbers are small and in order. */
function listed(field: string): number[] | null {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(field)) return null;
  const all = field.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  return [...new Set(all)];
}
