/** What backups and the calls of jobs look like in a drill's world. */
import type { BackupConfig, BackupFacts, BackupFile, BackupSet } from '../../shared/checks/backup-facts.ts';
import type { PushConfig, PushFacts } from '../../shared/checks/push.ts';
import type { FaultOf } from '../../shared/scenario/scenario.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { fixedOf } from './random.ts';
import { type Answer, type Asked, darkAgent, isDark } from './world-contact.ts';
import { isOf, isOn, type Spell } from './world-faults.ts';
import { logIn } from './world-machines.ts';
import { desk } from './world-ways.ts';

type BackupFault = FaultOf<'backup'>;

/** Faults of the backups that a check looks at, whether they last or not. */
const faultsOf = ({ place, spells }: Pick<Asked<unknown>, 'place' | 'spells'>): Spell<BackupFault>[] =>
  spells.filter(
    (it): it is Spell<BackupFault> =>
      isOf('backup', it) && (it.fault.backup === place.check.id || it.fault.backup === place.check.subject.id),
  );
/** The same, without those that come and go, or hit a share only, and do not bite now. */
const bitingOf = (asked: Pick<Asked<unknown>, 'place' | 'spells' | 'moment'>): Spell<BackupFault>[] =>
  faultsOf(asked).filter((it) => asked.moment.at < it.from || asked.moment.at >= it.to || asked.moment.spells.includes(it));

/** How often a job runs of which something is wanted at least this often: some slack is left. */
const rhythmOf = (limitMs: number): number => (limitMs > 6 * DAY ? 7 * DAY : limitMs > DAY ? DAY : limitMs / 2);

interface Run extends BackupFile {
  isWhole: boolean;
}

/** The newest runs of a job before a moment, newest first. */
function runsOf(asked: Asked<unknown>, part: string, limitMs: number, usualBytes: number): Run[] {
  const { moment, start, place } = asked;
  const everyMs = rhythmOf(limitMs);
  const phaseMs = Math.round(fixedOf(`${part} ${place.check.id}`, 0.05, 0.2) * Math.min(everyMs, DAY));
  const faults = bitingOf(asked);
  const runs: Run[] = [];
  const newest = phaseMs + Math.floor((moment.at - phaseMs) / everyMs) * everyMs;
  const nameOf = (at: number): string => `/backup/${place.check.subject.id}/${part}-${new Date(at).toISOString().slice(0, 10)}.tar.gz`;
  for (let at = newest; runs.length < 6 && at > moment.at - 60 * Math.max(everyMs, DAY); at -= everyMs) {
    const late = faults.find((it) => it.fault.mode === 'late' && at >= missingFrom(it, start, limitMs) && at < it.to);
    if (late) continue;
    const bytes = Math.round(usualBytes * fixedOf(`size ${place.check.id} ${at}`, 0.95, 1.05));
    const failed = faults.some((it) => it.fault.mode === 'failed' && at >= it.from && at < it.to);
    // What is corrupt now was written before anybody noticed; it is replaced once that is mended.
    const corrupt = faults.some((it) => it.fault.mode === 'corrupt' && moment.at >= it.from && moment.at < it.to && runs.length === 0);
    const isWhole = !failed && !corrupt;
    runs.push({ name: nameOf(at), at, bytes: isWhole ? bytes : Math.round(bytes * 0.02), isWhole });
  }
  for (const { fault, from, to } of faults) {
    // A run that fails is tried at once, so that a drill of an hour sees it; whoever mends it runs the job by hand.
    if (fault.mode === 'failed' && moment.at >= from && moment.at < to)
      runs.push({ name: nameOf(from), at: from - 6 * MINUTE, bytes: Math.round(usualBytes * 0.02), isWhole: false });
    if (moment.at >= to) runs.push({ name: nameOf(to), at: to - 6 * MINUTE, bytes: usualBytes, isWhole: true });
  }
  return runs.sort((a, b) => b.at - a.at);
}

/** A job that is late when the drill begins has been so for a while; later than that, no more of its runs come. */
const missingFrom = ({ from }: Spell<BackupFault>, start: number, limitMs: number): number =>
  from <= start + MINUTE ? start - limitMs - 2 * HOUR : from;

const fileOf = ({ name, at, bytes }: Run): BackupFile => ({ name, at, bytes });
function setOf(runs: readonly Run[], usualBytes: number): BackupSet {
  const [newest] = runs;
  const usable = runs.find((it) => it.isWhole);
  return {
    count: 14,
    newest: newest ? fileOf(newest) : null,
    usable: usable ? fileOf(usable) : null,
    usualBytes,
    small: newest !== undefined && !newest.isWhole,
    unfinished: null,
    future: 0,
  };
}

const fullBytes = 42_000_000_000;
const partBytes = 900_000_000;

export const backups: Answer<BackupConfig, BackupFacts> = (asked) => {
  const { config, moment, place, timeoutMs } = asked;
  if (config.source === 'push') return { facts: calledBackup(asked), tookMs: 1 };
  const at = moment.at;
  if (isDark(asked)) return { facts: { at, failure: darkAgent }, tookMs: timeoutMs };
  let facts: BackupFacts = { at };
  let tookMs = 80;
  if (config.source === 'ssh') {
    const login = logIn(asked as Asked<{ port: number; fingerprint?: string[] }>);
    if (login.none) return { ...login.none, tookMs: Math.min(login.none.tookMs, timeoutMs) };
    facts = { ...facts, ...login.facts };
    tookMs = (login.facts.loginMs ?? 0) + 90;
  }
  const full = runsOf(asked, 'full', config.fullDegraded, fullBytes);
  const parts = config.incremental === undefined ? null : runsOf(asked, 'incremental', config.incrementalDegraded, partBytes);
  facts.full = setOf(full, fullBytes);
  if (parts) facts.incremental = setOf(parts, partBytes);
  if (config.offsite) facts.offsite = setOf(runsOf(asked, 'full', config.offsite.degraded, fullBytes), fullBytes);
  if (config.verified)
    facts.verified = at - Math.min(config.verified.degraded / 2, 20 * DAY) - Math.round(fixedOf(`verified ${place.check.id}`, 0, 5) * DAY);
  const base = full.find((it) => it.isWhole);
  const after = base ? (parts ?? []).filter((it) => it.isWhole && it.at > base.at) : [];
  if (base)
    facts.usable = {
      at: after[0]?.at ?? base.at,
      full: fileOf(base),
      increments: after.length,
      bytes: after.reduce((sum, it) => sum + it.bytes, base.bytes),
    };
  return { facts, tookMs };
};

/** Calls of a job until a moment, by the faults of its check and of the machine that it runs on. */
function lastCall(
  asked: Asked<unknown>,
  everyMs: number,
): { since: number; at: number; status: 'ok' | 'warning' | 'critical'; text: string } {
  const { moment, start, place, spells, states } = asked;
  const phaseMs = Math.round(fixedOf(`call ${place.check.id}`, 0.05, 0.9) * everyMs);
  const since = start - 30 * DAY;
  const { vantage } = place.check;
  const faults = faultsOf(asked);
  const [spot] = place.spots;
  const couldCall = (at: number): boolean => {
    // Each call has a chance of its own, whenever somebody looks.
    const chance = (): number => fixedOf(`call ${place.check.id} ${at}`, 0, 1);
    if (faults.some((it) => it.fault.mode === 'late' && (isOn(it, at, chance) || (at < it.from && at >= missingFrom(it, start, everyMs)))))
      return false;
    const then = { at, spells: spells.filter((it) => isOn(it, at, chance)) };
    if (vantage === desk && states.isOffline(then)) return false;
    if (!spot) return !states.isDark(then, vantage);
    return states.way(spot, then, vantage).open && (spot.machine === null || states.machine(spot.machine, then).power === 'on');
  };
  let at = phaseMs + Math.floor((moment.at - phaseMs) / everyMs) * everyMs;
  while (at > since && !couldCall(at)) at -= everyMs;
  for (const { to } of faults) if (moment.at >= to && couldCall(to)) at = Math.max(at, to);
  const has = (mode: BackupFault['mode']): boolean => faults.some((it) => it.fault.mode === mode && moment.spells.includes(it));
  const [failed, corrupt] = [has('failed'), has('corrupt')];
  if (failed) return { since, at, status: 'critical', text: 'failed: no space left at the other end' };
  return corrupt
    ? { since, at, status: 'warning', text: 'done, but its verification found damage' }
    : { since, at, status: 'ok', text: 'done' };
}

function calledBackup(asked: Asked<BackupConfig>): BackupFacts {
  const { since, at, status, text } = lastCall(asked, rhythmOf(asked.config.fullDegraded));
  const usable = { at, full: { name: 'call of the job', at, bytes: 0 }, increments: 0, bytes: 0 };
  return { at: asked.moment.at, call: { since, at, status, text }, ...(status !== 'critical' && { usable }) };
}

export const calls: Answer<PushConfig, PushFacts> = (asked) => {
  if (isDark(asked)) return { facts: { failure: darkAgent }, tookMs: asked.timeoutMs };
  const { since, at, status, text } = lastCall(asked, asked.config.every);
  return { facts: { since, lastAt: at, status, text, at: asked.moment.at }, tookMs: 1 };
};
