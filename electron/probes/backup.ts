/** Looks for backup files on a server or on this computer, or for the call of a backup job. */
import { spawn } from 'node:child_process';
import type { BackupConfig, BackupFacts, BackupPart } from '../../shared/checks/backup-facts.ts';
import type { LoginFacts } from '../../shared/checks/ssh-login.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { type Found, filesOf, setOf, usableOf } from './backup-files.ts';
import { markersOf } from './inside-read.ts';
import { filesScript, markersScript } from './inside-scripts.ts';
import { sectionsOf } from './inside-sections.ts';
import { isToken } from './push.ts';
import { type Login, openSession, type Ran } from './ssh-session.ts';
import type { Probe, ProbeContext } from './types.ts';

const limits = { ms: 30_000, bytes: 131_072 };

export const probeBackup: Probe<BackupConfig, BackupFacts> = async (config, ctx) => {
  if (config.source === 'push') return called(config, ctx);
  const facts: BackupFacts = {};
  const patterns = [config.full, config.incremental].filter((it) => it !== undefined);
  const beside = config.offsite && !elsewhere(config.offsite) ? [config.offsite.pattern] : [];
  const told = await look(config, [...patterns, ...beside], config.verified?.path, facts, ctx);
  if (!told.ok) return { ...facts, failure: told.failure };
  const now = ctx.now();
  facts.at = now;
  const files = filesOf(told.value.files, patterns.length + beside.length, now);
  const full = files[0] ?? null;
  const incremental = config.incremental === undefined ? null : (files[1] ?? null);
  if (full) facts.full = setOf(full, { settle: config.settle, smallPercent: config.smallPercent }, now);
  if (incremental) facts.incremental = setOf(incremental, { settle: config.settle, smallPercent: config.smallIncrementalPercent }, now);
  facts.usable = usableOf(facts.full, incremental, config, now);
  if (config.offsite) {
    const copies = beside.length > 0 ? (files[patterns.length] ?? null) : await lookElsewhere(config, facts, ctx);
    if (copies) facts.offsite = setOf(copies, { settle: config.settle, smallPercent: 0 }, now);
  }
  if (config.verified) {
    const [touched = null] = markersOf(told.value.markers, 1, now);
    // A time that has not come is no proof of anything.
    if (touched === 'gone' || (touched !== null && touched <= now + 300_000)) facts.verified = touched;
  }
  const notKnown: BackupPart[] = [];
  if (!facts.full) notKnown.push('full');
  if (config.incremental !== undefined && !facts.incremental) notKnown.push('incremental');
  if (config.offsite && !facts.offsite) notKnown.push('offsite');
  if (config.verified && facts.verified === undefined) notKnown.push('verified');
  if (notKnown.length > 0) facts.notKnown = notKnown;
  ctx.note(`${facts.full?.count ?? 'no'} full backups, ${facts.incremental?.count ?? 'no'} incremental ones`);
  if (notKnown.length > 0) ctx.note(`cannot be seen: ${notKnown.join(', ')}`);
  return facts;
};

/** Whether the copy lies on another server than the backups. */
const elsewhere = (it: NonNullable<BackupConfig['offsite']>): boolean => it.address !== undefined;

interface Told {
  files: string[];
  markers: string[];
}

/** Runs the scripts where the files lie: there, or on this computer. */
async function look(
  config: BackupConfig,
  patterns: readonly string[],
  marker: string | undefined,
  facts: LoginFacts,
  ctx: ProbeContext,
): Promise<Result<Told, Failure>> {
  const scripts = [filesScript(patterns), ...(marker === undefined ? [] : [markersScript([marker])])];
  if (config.source === 'local') return toldBy(await Promise.all(scripts.map((script) => runHere(script, ctx))), 'this computer');
  const login = loginOf(config);
  if (!login) return fail({ code: 'internal', detail: 'the check names no address, user, key or fingerprint' });
  return lookAt(login, scripts, facts, ctx);
}

async function lookAt(login: Login, scripts: readonly string[], facts: LoginFacts, ctx: ProbeContext): Promise<Result<Told, Failure>> {
  const session = await openSession(login, facts, ctx);
  if (!session.ok) return session;
  try {
    const ran: Ran[] = [];
    for (const script of scripts) ran.push(await session.value.run(script, limits));
    return toldBy(ran, 'the server');
  } finally {
    session.value.end();
  }
}

function toldBy(ran: readonly Ran[], who: string): Result<Told, Failure> {
  const sections = new Map(ran.flatMap(({ text }) => [...sectionsOf(text)]));
  if (sections.size === 0)
    return fail(
      ran.some((it) => it.broken === 'timeout')
        ? { code: 'timeout', detail: `${who} did not tell in time which files there are` }
        : { code: 'server-error', detail: `no commands can be run: "sh -s" on ${who} gives nothing` },
    );
  return ok({ files: sections.get('files')?.lines ?? [], markers: sections.get('markers')?.lines ?? [] });
}

const loginOf = (it: BackupConfig): Login | null =>
  it.address === undefined || it.user === undefined || it.keySecret === undefined || it.fingerprint === undefined
    ? null
    : {
        address: it.address,
        port: it.port,
        family: it.family,
        user: it.user,
        keySecret: it.keySecret,
        passphraseSecret: it.passphraseSecret,
        fingerprint: it.fingerprint,
      };

/** Copies on another server. Its log-in is the one of the backups but for what is named. */
async function lookElsewhere(config: BackupConfig, facts: BackupFacts, ctx: ProbeContext): Promise<Found> {
  const { offsite } = config;
  if (!offsite) return null;
  const login = loginOf({
    ...config,
    address: offsite.address,
    port: offsite.port ?? 22,
    family: offsite.family,
    user: offsite.user ?? config.user,
    keySecret: offsite.keySecret ?? config.keySecret,
    passphraseSecret: offsite.keySecret === undefined ? config.passphraseSecret : offsite.passphraseSecret,
    fingerprint: offsite.fingerprint,
  });
  const told = login
    ? await lookAt(login, [filesScript([offsite.pattern])], {}, ctx)
    : fail<Failure>({ code: 'internal', detail: 'the copy names no user, key or fingerprint' });
  if (told.ok) return filesOf(told.value.files, 1, ctx.now())[0] ?? null;
  facts.offsiteTrouble = told.failure.detail;
  return null;
}

/** The same script on this computer. A child that hangs on a dead disk is left to itself: it holds up nothing here. */
function runHere(script: string, ctx: ProbeContext): Promise<Ran> {
  return new Promise((resolve) => {
    // A group of its own, so that its children end with it.
    const child = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
    const parts: Buffer[] = [];
    let size = 0;
    const settle = (broken: Ran['broken']): void => {
      ctx.signal.removeEventListener('abort', late);
      if (broken !== null && child.pid !== undefined) {
        try {
          process.kill(-child.pid, 'SIGKILL');
        } catch {
          // It has just ended.
        }
        child.stdout.destroy();
        child.unref();
      }
      resolve({ text: Buffer.concat(parts).toString('utf8'), broken });
    };
    const late = (): void => settle('timeout');
    child.on('error', () => settle('no-channel'));
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => {
      parts.push(chunk.subarray(0, Math.max(0, limits.bytes - size)));
      size += chunk.length;
      if (size > limits.bytes) settle('too-large');
    });
    child.on('close', () => settle(null));
    if (ctx.signal.aborted) return late();
    ctx.signal.addEventListener('abort', late, { once: true });
    child.stdin.end(script);
  });
}

/** What the push listener knows: the call of a job that is done stands for a backup. */
function called(config: BackupConfig, ctx: ProbeContext): BackupFacts {
  const name = config.token ?? '';
  const token = ctx.secret(name);
  if (token === undefined || !isToken(token))
    return { failure: { code: 'no-secret', detail: `the secret "${name}" is not set on this desk, or can be no token` } };
  const pushed = ctx.pushed(name);
  const at = ctx.now();
  if (!pushed) return { at };
  const { since, last } = pushed;
  ctx.note(last ? `the last call came at ${new Date(last.at).toISOString()}` : 'no call has come so far');
  return {
    at,
    call: { since, at: last?.at ?? null, status: last?.status ?? null, text: last?.text ?? '' },
    ...(last && last.status !== 'critical'
      ? { usable: { at: last.at, full: { name: 'call of the job', at: last.at, bytes: 0 }, increments: 0, bytes: 0 } }
      : {}),
  };
}
