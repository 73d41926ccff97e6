import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { probeBackup } from '../../electron/probes/backup.ts';
import { backup } from '../../shared/checks/backup.ts';
import type { BackupConfig } from '../../shared/checks/backup-facts.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { probeContext } from '../support/probe-context.ts';
import { type Started, tempFolder } from '../support/servers.ts';
import { type SshAccount, startSshAccount } from '../support/ssh-account.ts';

const started: Pick<Started, 'stop'>[] = [];
const keep = <T extends Pick<Started, 'stop'>>(server: T): T => {
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

const settingsFor = ({ port, user, fingerprint }: SshAccount) => ({ address: '127.0.0.1', port, user, keySecret: 'key', fingerprint });
const folder = (): string => {
  const { path, remove } = tempFolder();
  keep({ stop: async () => remove() });
  return path;
};
/** A file of so many bytes, so old. */
function put(path: string, bytes: number, ageMs: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  truncateSync(path, bytes);
  utimesSync(path, new Date(), new Date(Date.now() - ageMs));
}
/** Full ones once a week, increments daily. */
function usualSets(at: string): void {
  for (let week = 0; week < 4; week += 1) put(join(at, `full-${week}.tar`), 1_000_000, 2 * DAY + week * 7 * DAY);
  for (let day = 0; day < 10; day += 1) put(join(at, `inc-${day}.tar`), 50_000, day * DAY + 3 * HOUR);
}

async function check(settings: Record<string, unknown>, secrets: Record<string, string> = {}, timeoutMs = 12_000) {
  const config = backup.config.parse(settings) as BackupConfig;
  const context = probeContext({ timeoutMs, secrets });
  const facts = await probeBackup(config, context);
  expect(() => backup.observation.parse(facts)).not.toThrow();
  const verdict = backup.judge(facts, config, Date.now());
  for (const text of Object.values(backup.explain(facts, verdict, config))) expect(text).toMatch(/^.+\.$/);
  return { facts, verdict, lines: context.lines, shown: backup.facts(facts) };
}

const asIsAndLocal = [
  ['over ssh', 'ssh'],
  ['on this computer', 'local'],
] as const;

describe.each(asIsAndLocal)('files %s', (_, source) => {
  async function place(): Promise<{ at: string; base: Record<string, unknown>; secrets: Record<string, string> }> {
    const at = folder();
    if (source === 'local') return { at, base: { source }, secrets: {} };
    const server = keep(await startSshAccount());
    return { at, base: settingsFor(server), secrets: { key: server.key } };
  }
  it('the newest usable backup is known: a full one and the increments after it', async () => {
    const { at, base, secrets } = await place();
    usualSets(at);
    const settings = { ...base, full: `${at}/full-?.tar`, incremental: `${at}/inc-*.tar` };
    const { facts, verdict, shown } = await check(settings, secrets);
    expect(verdict).toMatchObject({ state: 'ok', text: 'newest usable backup is 3 h old with 2 increments, 1.1 MB' });
    expect(facts.usable).toMatchObject({ increments: 2, bytes: 1_100_000, full: { name: `${at}/full-0.tar`, bytes: 1_000_000 } });
    expect(Math.abs((facts.usable?.at ?? 0) - (Date.now() - 3 * HOUR))).toBeLessThan(10_000);
    expect(shown[0]?.label).toBe('Newest usable backup');
    expect(backup.measure(facts)).toBeCloseTo(3, 1);
    // A new one comes, and one goes.
    put(`${at}/inc-new.tar`, 50_000, 30 * MINUTE);
    const later = await check(settings, secrets);
    expect(backup.changes(facts, later.facts)).toEqual([{ code: 'new-backup', text: expect.stringContaining('inc-new.tar') }]);
    rmSync(`${at}/full-0.tar`);
    const gone = await check(settings, secrets);
    expect(backup.changes(later.facts, gone.facts).map((it) => it.code)).toEqual(['backup-gone']);
    expect(gone.verdict).toMatchObject({ state: 'degraded', reason: 'full-late' });
  });
  it('a late one, a small one, an unfinished one, one from the future', async () => {
    const { at, base, secrets } = await place();
    usualSets(at);
    const settings = { ...base, full: `${at}/full-*.tar` };
    expect((await check({ ...settings, fullDegraded: '1d' }, secrets)).verdict).toMatchObject({ state: 'degraded', reason: 'full-late' });
    expect((await check({ ...settings, fullDown: '36h', fullDegraded: '1d' }, secrets)).verdict).toMatchObject({
      state: 'down',
      reason: 'full-late',
    });
    put(`${at}/full-small.tar`, 1_000, HOUR);
    const small = await check(settings, secrets);
    expect(small.verdict).toMatchObject({ state: 'degraded', reason: 'too-small' });
    expect(small.facts.usable?.full.name).toBe(`${at}/full-0.tar`);
    rmSync(`${at}/full-small.tar`);
    put(`${at}/full-writing.tar`, 1_000, 5_000);
    const writing = await check(settings, secrets);
    expect(writing.verdict.state).toBe('ok');
    expect(writing.facts.full?.unfinished?.name).toBe(`${at}/full-writing.tar`);
    rmSync(`${at}/full-writing.tar`);
    put(`${at}/full-tomorrow.tar`, 1_000_000, -DAY);
    const tomorrow = await check(settings, secrets);
    expect(tomorrow.verdict).toMatchObject({ state: 'degraded', reason: 'from-the-future' });
    expect(tomorrow.facts.usable?.full.name).toBe(`${at}/full-0.tar`);
  });
  it('none at all is down, and no folder too', async () => {
    const { at, base, secrets } = await place();
    expect((await check({ ...base, full: `${at}/*.tar` }, secrets)).verdict).toMatchObject({ state: 'down', reason: 'full-late' });
    expect((await check({ ...base, full: `${at}/none/*.tar` }, secrets)).verdict).toMatchObject({ state: 'down', reason: 'full-late' });
    // Folders are no backups.
    mkdirSync(`${at}/x.tar`);
    expect((await check({ ...base, full: `${at}/*.tar` }, secrets)).facts.full).toMatchObject({ count: 1, newest: null });
  });
  it('a copy elsewhere and a verified restore', async () => {
    const { at, base, secrets } = await place();
    usualSets(at);
    put(`${at}/away/full-0.tar`, 1_000_000, 3 * DAY);
    put(`${at}/restored`, 0, 10 * DAY);
    const settings = { ...base, full: `${at}/full-*.tar`, offsite: { pattern: `${at}/away/*` }, verified: { path: `${at}/restored` } };
    const { verdict, facts } = await check(settings, secrets);
    expect(verdict.state).toBe('ok');
    expect(facts.offsite?.usable?.name).toBe(`${at}/away/full-0.tar`);
    put(`${at}/restored`, 0, 40 * DAY);
    expect((await check(settings, secrets)).verdict).toMatchObject({ state: 'degraded', reason: 'not-verified' });
    rmSync(`${at}/restored`);
    expect((await check(settings, secrets)).facts.verified).toBe('gone');
    rmSync(`${at}/away/full-0.tar`);
    expect((await check(settings, secrets)).verdict).toMatchObject({ state: 'degraded', reason: 'offsite-late' });
  });
  it('ten thousand files, and names with spaces and line breaks', async () => {
    const { at, base, secrets } = await place();
    for (let index = 0; index < 10_000; index += 1) writeFileSync(`${at}/full-${index}.tar`, 'x');
    put(`${at}/full- a b '"$(id)\n9999999999 5 81a4 .tar`, 7, HOUR);
    const { facts } = await check({ ...base, full: `${at}/full-*.tar`, settle: '0s' }, secrets);
    expect(facts.full?.count).toBeGreaterThanOrEqual(10_001);
    expect(facts.full?.usable).not.toBeNull();
  });
});

describe('files over ssh', () => {
  it('a search that hangs is not known', async () => {
    const server = keep(await startSshAccount());
    const at = folder();
    put(`${at}/closed/full-1.tar`, 5, DAY);
    writeFileSync(join(server.path, 'bin', 'xargs'), '#!/bin/sh\nexec sleep 600\n');
    chmodSync(join(server.path, 'bin', 'xargs'), 0o755);
    const { verdict, facts } = await check({ ...settingsFor(server), full: `${at}/closed/*.tar` }, { key: server.key });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'not-known' });
    expect(facts.notKnown).toEqual(['full']);
  });
  it('a copy on another server', async () => {
    const [here, there] = [keep(await startSshAccount()), keep(await startSshAccount())];
    const at = folder();
    usualSets(at);
    put(`${there.path}/copies/a.tar`, 5, DAY);
    const { address, port, fingerprint } = settingsFor(there);
    const offsite = { pattern: `${there.path}/copies/*`, address, port, fingerprint, keySecret: 'other' };
    const settings = { ...settingsFor(here), full: `${at}/full-*.tar`, offsite };
    const good = await check(settings, { key: here.key, other: there.key });
    expect(good.verdict.state).toBe('ok');
    expect(good.facts.offsite?.count).toBe(1);
    const refused = await check(settings, { key: here.key, other: there.strangersKey });
    expect(refused.verdict).toMatchObject({ state: 'unknown', reason: 'not-known' });
    expect(refused.facts).toMatchObject({ notKnown: ['offsite'], offsiteTrouble: expect.stringContaining('does not take the key') });
  });
  it('a wrong host key, a refused log-in, no secret', async () => {
    const server = keep(await startSshAccount());
    const settings = { ...settingsFor(server), full: '/tmp/none-*' };
    expect((await check({ ...settings, fingerprint: `SHA256:${'A'.repeat(43)}` }, { key: server.key })).verdict).toMatchObject({
      state: 'down',
      reason: 'host-key-changed',
    });
    expect((await check(settings, { key: server.strangersKey })).verdict).toMatchObject({ state: 'unknown', reason: 'login-refused' });
    expect((await check(settings)).verdict).toMatchObject({ state: 'unknown', reason: 'no-secret' });
  });
});

describe('files on this computer', () => {
  it('an account that may not look into a folder does not take it for empty', () => {
    // The script itself, run as nobody.
    if (process.getuid?.() !== 0) throw new Error('this test wants to be root, to become nobody');
    const at = folder();
    chmodSync(at, 0o755);
    put(`${at}/closed/full-1.tar`, 5, DAY);
    chmodSync(`${at}/closed`, 0o700);
    return import('../../electron/probes/inside-scripts.ts').then(({ filesScript }) => {
      const said = execFileSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'sh', '-s'], {
        input: filesScript([`${at}/closed/*.tar`, `${at}/closed/deeper/*.tar`, `${at}/none/*`]),
        encoding: 'utf8',
      });
      expect(said.match(/@(gone|hidden)/g)).toEqual(['@hidden', '@hidden', '@gone']);
    });
  });
  it('a backup that is written to again and again is not finished', async () => {
    const at = folder();
    put(`${at}/full-1.tar`, 1_000, HOUR);
    appendFileSync(`${at}/full-1.tar`, 'more');
    const { verdict, facts } = await check({ source: 'local', full: `${at}/full-*.tar` });
    expect(facts.full).toMatchObject({ usable: null, unfinished: { bytes: 1_004 } });
    expect(verdict).toMatchObject({ state: 'down', reason: 'full-late' });
  });
});

describe('settings', () => {
  const good = {
    address: '192.0.2.1',
    user: 'noc',
    keySecret: 'key',
    fingerprint: `SHA256:${'A'.repeat(43)}`,
    full: '/backup/db1/full-*.tar.gz',
  };
  it('a good one passes', () => expect(backup.config.safeParse(good).success).toBe(true));
  it.each([
    ['no fingerprint', { fingerprint: undefined }],
    ['no files', { full: undefined }],
    ['a command', { full: '/backup/$(reboot)' }],
    ['a quote', { full: "/backup/'" }],
    ['a space', { full: '/backup/a b' }],
    ['a bracket', { full: '/backup/[ab]' }],
    ['a line break', { incremental: '/backup/a\n*' }],
    ['upwards', { full: '/backup/../etc/*' }],
    ['relative', { full: 'backup/*' }],
    ['another server without its key', { offsite: { pattern: '/b/*', address: '192.0.2.2' } }],
    ['a call and files', { source: 'push', token: 'x' }],
    ['a call without a token', { source: 'push', full: undefined }],
    ['a wildcard for the marker', { verified: { path: '/b/*' } }],
  ])('%s is refused', (_, settings) => expect(backup.config.safeParse({ ...good, ...settings }).success).toBe(false));
});
