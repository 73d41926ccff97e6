/** Backups: are there new enough full and incremental ones, of a usual size, with a copy elsewhere, and was a restore tried. */
import { type Level, severityOf, type Verdict } from '../model/words.ts';
import { clean, count, listOf } from '../text.ts';
import { HOUR, humanDuration, MINUTE, stamp } from '../time.ts';
import { type BackupConfig, type BackupFacts, type BackupFile, type BackupSet, backupConfig, backupObservation } from './backup-facts.ts';
import { verdictOfFindings } from './findings.ts';
import { judgeNoLogin, loginAdvice, loginLines, noLoginAdvice } from './ssh-login.ts';
import { hostAndPort } from './tls-settings.ts';
import type { Change, CheckDefinition, Explanation, FactLine } from './types.ts';

interface Finding {
  level: Level;
  reason: string;
  text: string;
}

const size = (bytes: number): string =>
  bytes >= 1e12
    ? `${(bytes / 1e12).toFixed(1)} TB`
    : bytes >= 1e9
      ? `${(bytes / 1e9).toFixed(1)} GB`
      : bytes >= 1e6
        ? `${(bytes / 1e6).toFixed(1)} MB`
        : bytes >= 1e4
          ? `${Math.round(bytes / 1e3)} kB`
          : count(bytes, 'byte');
const old = (at: number, now: number): string => `${humanDuration(Math.max(0, now - at))} old`;

/** What one set of files alone can be wrong in. */
function setFindings(set: BackupSet, what: string): Finding[] {
  const found: Finding[] = [];
  if (set.small && set.newest)
    found.push({
      level: 'degraded',
      reason: 'too-small',
      text: `the newest ${what} backup has only ${size(set.newest.bytes)}, usual are ${size(set.usualBytes ?? 0)}`,
    });
  if (set.future > 0)
    found.push({
      level: 'degraded',
      reason: 'from-the-future',
      text: `${count(set.future, `${what} backup`)} with a time that has not come`,
    });
  return found;
}

/** @param at undefined = there is none */
function ageFinding(
  at: number | undefined,
  limits: { degraded: number; down?: number },
  reason: string,
  what: string,
  now: number,
): Finding[] {
  if (at === undefined) return [{ level: limits.down === undefined ? 'degraded' : 'down', reason, text: `there is no ${what}` }];
  const age = now - at;
  const level = limits.down !== undefined && age > limits.down ? 'down' : age > limits.degraded ? 'degraded' : null;
  return level ? [{ level, reason, text: `the newest ${what} is ${old(at, now)}` }] : [];
}

function findingsOf(it: BackupFacts, config: BackupConfig, now: number): Finding[] {
  const found: Finding[] = [];
  if (it.full) {
    const limits = { degraded: config.fullDegraded, down: config.fullDown };
    found.push(...ageFinding(it.full.usable?.at, limits, 'full-late', 'usable full backup', now), ...setFindings(it.full, 'full'));
  }
  if (it.incremental) {
    // A full backup of last night stands in for an increment.
    if (it.full && it.usable) {
      const limits = { degraded: config.incrementalDegraded, down: config.incrementalDown };
      found.push(...ageFinding(it.usable.at, limits, 'incremental-late', 'usable backup', now));
    }
    found.push(...setFindings(it.incremental, 'incremental'));
  }
  if (it.offsite && config.offsite)
    found.push(...ageFinding(it.offsite.usable?.at, { degraded: config.offsite.degraded }, 'offsite-late', 'copy elsewhere', now));
  if (it.verified !== undefined && config.verified)
    found.push(
      ...ageFinding(
        it.verified === 'gone' ? undefined : it.verified,
        { degraded: config.verified.degraded },
        'not-verified',
        'verified restore',
        now,
      ),
    );
  return found.sort((a, b) => severityOf(b.level) - severityOf(a.level));
}

function judgeCall(it: NonNullable<BackupFacts['call']>, config: BackupConfig, now: number): Verdict {
  const text = it.text === '' ? '' : `: ${it.text}`;
  const missed = now - it.since > config.fullDegraded;
  if (it.at === null && !missed) return { state: 'unknown', reason: 'never-called', text: 'the job has not called yet' };
  if (it.at === null) return { state: 'down', reason: 'full-late', text: 'the job has never called' };
  if (it.status === 'critical') return { state: 'down', reason: 'reported', text: clean(`the job says that it failed${text}`, 300) };
  const age = now - it.at;
  if (age > config.fullDegraded && !missed)
    return {
      state: 'unknown',
      reason: 'missed-perhaps',
      text: `the last call came ${humanDuration(age)} ago; Nightdesk has not listened all the time`,
    };
  if (age > config.fullDown) return { state: 'down', reason: 'full-late', text: `the last backup is ${old(it.at, now)}` };
  if (age > config.fullDegraded) return { state: 'degraded', reason: 'full-late', text: `the last backup is ${old(it.at, now)}` };
  if (it.status === 'warning') return { state: 'degraded', reason: 'reported', text: clean(`the job warns${text}`, 300) };
  return { state: 'ok', reason: 'ok', text: clean(`backup is ${old(it.at, now)}${text}`, 300) };
}

function judge(it: BackupFacts, config: BackupConfig, now: number): Verdict {
  if (it.failure) return judgeNoLogin(it, it.failure);
  if (it.call) return judgeCall(it.call, config, now);
  if (config.source === 'push')
    return { state: 'unknown', reason: 'not-listening', text: 'Nightdesk does not listen for calls (desk.push in the inventory)' };
  const missing = it.notKnown ?? [];
  const [first, ...rest] = findingsOf(it, config, now);
  const unknown = missing.length > 0 ? `; not known: ${listOf(missing, 4)}` : '';
  if (first) return verdictOfFindings([first, ...rest], unknown);
  if (missing.length > 0 || !it.usable)
    return { state: 'unknown', reason: 'not-known', text: `cannot be seen: ${missing.length > 0 ? listOf(missing, 4) : 'any backup'}` };
  const { usable } = it;
  const more = usable.increments > 0 ? ` with ${count(usable.increments, 'increment')}` : '';
  return { state: 'ok', reason: 'ok', text: `newest usable backup is ${old(usable.at, now)}${more}, ${size(usable.bytes)}` };
}

const advice: Record<string, Omit<Explanation, 'happened'>> = {
  ...loginAdvice,
  ok: { means: 'If the host were lost now, little would be lost with it.', todo: 'Nothing.' },
  'full-late': {
    means: 'If the host is lost, more is lost with it every day.',
    todo: 'Look at the log of the backup job, the space where backups go, and cron; then run it by hand.',
  },
  'incremental-late': {
    means: 'If the host is lost now, all that was written since the newest backup is lost.',
    todo: 'Look at the log of the backup job, the space where backups go, and cron; then run it by hand.',
  },
  'too-small': {
    means: 'The newest backup is probably not whole. The one before it is the newest that can be relied on.',
    todo: 'Look at the log of the job and what it left out; a full disk at either end is a usual cause.',
  },
  'from-the-future': {
    means: 'A clock was wrong: nobody knows how old these files are.',
    todo: 'Compare the clocks of the servers; look at the files.',
  },
  'offsite-late': { means: 'A fire or a break-in at one place would take host and backups.', todo: 'Look at the job that copies them.' },
  'not-verified': {
    means: 'Nobody has tried for long whether the backups can be restored.',
    todo: 'Restore one to a spare machine and look at the data.',
  },
  'not-known': {
    means: 'There may be backups or not: nobody could see them.',
    todo: 'Look whether the folders can be read by the account, and at the transcript.',
  },
  reported: { means: 'The backup job itself says that something went wrong.', todo: 'Read its log.' },
  'never-called': { means: 'Nothing is known of the job yet.', todo: 'Wait for its first run, or call by hand.' },
  'missed-perhaps': {
    means: 'A call may have come while nobody listened.',
    todo: 'Wait for the next call, or look at the log of the job.',
  },
  'not-listening': { means: 'The calls of the job reach nobody.', todo: 'Set desk.push.listen in the inventory.' },
};

function target(config: BackupConfig): string {
  if (config.source === 'push') return 'backup job';
  const place = config.source === 'local' ? 'this computer' : hostAndPort(config.address ?? 'the host', config.port);
  return `${config.full} on ${place}`;
}

const told = (it: BackupFile): string => `${stamp(it.at, 'UTC')}, ${size(it.bytes)}, ${it.name}`;

function facts(it: BackupFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined | null): unknown => value && lines.push({ label, value });
  if (it.usable) {
    add('Newest usable backup', stamp(it.usable.at, 'UTC'));
    if (!it.call) {
      add('Full backup of it', told(it.usable.full));
      add('Increments after it', String(it.usable.increments));
      add('Size together', size(it.usable.bytes));
    }
  } else if (it.full && !it.call) add('Newest usable backup', 'none');
  for (const [label, set] of [
    ['Full', it.full],
    ['Incremental', it.incremental],
    ['Copies elsewhere', it.offsite],
  ] as const) {
    if (!set) continue;
    add(`${label}: files`, String(set.count));
    add(`${label}: newest`, set.newest && told(set.newest));
    add(`${label}: usual size`, set.usualBytes === null ? null : size(set.usualBytes));
    add(`${label}: being written`, set.unfinished && told(set.unfinished));
    add(`${label}: from the future`, set.future > 0 ? String(set.future) : null);
  }
  add('Verified restore', it.verified === 'gone' ? 'never' : it.verified === undefined ? null : stamp(it.verified, 'UTC'));
  if (it.call) add('Last call', it.call.at === null ? 'never' : `${stamp(it.call.at, 'UTC')}, ${it.call.status}`);
  add('Says', it.call?.text);
  add('Not known', it.notKnown?.join(', '));
  add('Copies elsewhere', it.offsiteTrouble);
  return [...lines, ...loginLines(it)];
}

/** Times of files are read against the server's clock, to the second. */
const isNewer = (a: BackupFile, b: BackupFile): boolean => a.at > b.at + MINUTE;

function changes(before: BackupFacts, after: BackupFacts): Change[] {
  const found: Change[] = [];
  for (const [part, what] of [
    ['full', 'full backup'],
    ['incremental', 'incremental backup'],
    ['offsite', 'copy elsewhere'],
  ] as const) {
    const [was, is] = [before[part]?.usable, after[part]?.usable];
    if (is && was !== undefined && (was === null || isNewer(is, was)))
      found.push({ code: 'new-backup', text: clean(`a new ${what} is there: ${told(is)}`, 300) });
    // Gone from the newest end: somebody or something removed what a restore would need.
    else if (was && is !== undefined && (is === null || isNewer(was, is)))
      found.push({ code: 'backup-gone', text: clean(`the newest ${what} is no longer there or no longer usable: ${told(was)}`, 300) });
  }
  return found;
}

export const backup = {
  title: 'Backup',
  summary: 'Whether backups are new enough, of a usual size, copied elsewhere, and tried; which is the newest that can be restored',
  config: backupConfig,
  observation: backupObservation,
  slotMs: 0,
  unit: 'ms',
  /** Age of what could be restored. */
  unitOf: () => 'h',
  target,
  judge,
  explain: (_, verdict, config) => ({ happened: `${target(config)}: ${verdict.text}.`, ...(advice[verdict.reason] ?? noLoginAdvice) }),
  measure: ({ at, usable }) => (at === undefined || !usable ? null : Math.max(0, Math.round(((at - usable.at) / HOUR) * 100) / 100)),
  facts,
  changes,
} satisfies CheckDefinition<BackupConfig, BackupFacts>;
