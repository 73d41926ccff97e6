/** `nightdesk uptime` and `nightdesk changes`: processes of their own over real stores. From source, as neither needs what a build makes. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../electron/setup/paths.ts';
import type { Spell } from '../../electron/store/spells.ts';
import { type Batch, openStore, openStoreToRead, type Store, storeFileName } from '../../electron/store/store.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import type { UptimeLine, UptimeReport } from '../../shared/uptime/report.ts';
import { command, endCommands, type Said } from '../support/cli.ts';
import { plan as planOf } from '../support/plans.ts';
import { check, thing } from '../support/story.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
const from = Date.UTC(2026, 9, 1);
const to = from + DAY;
const nightdesk = (...args: string[]): Promise<Said> =>
  command(args, { program: [process.execPath, '--no-warnings', join(projectRoot, 'electron', 'engine', 'cli.ts')] });
const empty: Batch = {
  samples: [],
  events: [],
  states: [],
  alerts: [],
  spells: [],
  windows: [],
  silences: [],
  incidents: [],
  papers: [],
  documents: [],
};
const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };

const site = thing('site', 'fra', { name: 'Frankfurt' });
const web1 = thing('host', 'web1', { name: 'Web 1', site: 'fra' });
const evil = thing('host', 'evil', { name: '=HYPERLINK("http://x.test")\u001b[31m' });
const [tcp, http] = [check(web1, 'tcp'), check(web1, 'http')];
const ping = check(evil, 'icmp');
const plan = planOf({ organization: { name: 'Test', timezone: 'Europe/Berlin' }, subjects: [site, web1, evil], checks: [tcp, http, ping] });
const work: MaintenanceWindow = {
  id: 'w1',
  name: 'New disks',
  kind: 'fixed',
  from: from + 10 * HOUR,
  to: from + 11 * HOUR,
  durationMs: null,
  schedule: null,
  affects: ['web1'],
  spares: [],
  reason: '',
  source: 'desk',
  by: 'Ada',
  createdAt: from,
  startedAt: null,
  endedAt: null,
  cancelledAt: null,
  skipped: [],
};
const spell = (of: { id: string }, at: number, standing: Spell['standing']): Spell => ({ check: of.id, at, standing });

/** A day: http was down for 30 min, and for 2 h of which 1 h was planned; nobody watched for 3 h. */
function day(folder: string): Store {
  const opened = openStore({ folder, now: () => to, retention: forever });
  if (!opened.ok) throw new Error(opened.failure.text);
  const { store } = opened.value;
  const written = store.commit({
    ...empty,
    documents: [['plan', JSON.stringify(plan)]],
    samples: [{ check: tcp.id, at: to + 5 * MINUTE, vantage: 'desk', value: 1, state: 'ok', detail: null }],
    spells: [
      ...[tcp, http, ping].map((it) => spell(it, from - DAY, 'ok')),
      spell(http, from + 5 * HOUR, 'down'),
      spell(http, from + 5.5 * HOUR, 'ok'),
      spell(http, from + 10 * HOUR, 'down'),
      spell(http, from + 12 * HOUR, 'ok'),
      spell(ping, from + 6 * HOUR, 'unreachable'),
      spell(ping, from + 7 * HOUR, 'degraded'),
      spell(ping, from + 8 * HOUR, 'ok'),
    ],
    windows: [work],
    events: [
      {
        id: '01GAP',
        at: from + 23 * HOUR,
        kind: 'gap',
        subject: null,
        actor: 'engine',
        payload: { from: from + 20 * HOUR, to: from + 23 * HOUR, cause: 'asleep-or-frozen' },
      },
    ],
  });
  if (!written.ok) throw new Error(written.failure.text);
  return store;
}

let folder: string;
let data: string;
beforeAll(() => {
  folder = temporaryFolder('uptime');
  data = join(folder, 'data');
  day(data).close();
});
afterAll(() => {
  endCommands();
  removeTemporaryFolders();
});
const range = ['--from', '2026-10-01T00:00Z', '--to', '2026-10-02T00:00Z'];
const reportOf = (said: Said): UptimeReport => {
  expect([said.code, said.stderr]).toEqual([0, '']);
  return JSON.parse(said.stdout) as UptimeReport;
};
const lineOf = (report: UptimeReport, id: string): UptimeLine => report.lines.find((line) => line.id === id) as UptimeLine;

describe('uptime', () => {
  it('as JSON: every part in ms, adding up to the stretch exactly', async () => {
    const report = reportOf(await nightdesk('uptime', '--data', data, ...range, '--json'));
    expect([report.from, report.to]).toEqual([from, to]);
    expect(lineOf(report, http.id)).toMatchObject({
      kind: 'check',
      parts: { up: 18.5 * HOUR, degraded: 0, down: 1.5 * HOUR, unreachable: 0, maintenance: HOUR, unknown: 3 * HOUR },
      outages: 2,
      longestOutageMs: HOUR,
    });
    expect(lineOf(report, http.id).availability).toBeCloseTo((18.5 / 20) * 100, 6);
    expect(lineOf(report, tcp.id).parts).toEqual({
      up: 21 * HOUR,
      degraded: 0,
      down: 0,
      unreachable: 0,
      maintenance: 0,
      unknown: 3 * HOUR,
    });
    expect(lineOf(report, ping.id).parts).toMatchObject({ up: 19 * HOUR, degraded: HOUR, unreachable: HOUR, unknown: 3 * HOUR });
    for (const line of report.lines) expect(Object.values(line.parts).reduce((a, b) => a + b, 0)).toBe(DAY);
    expect(report.lines.map(({ id }) => id)).toEqual(expect.arrayContaining(['fra', 'web1', 'evil']));
  });

  it('as CSV: to standard output, into a file, and never a formula', async () => {
    const said = await nightdesk('uptime', '--data', data, ...range, '--csv', '-');
    expect([said.code, said.stderr]).toEqual([0, '']);
    const lines = said.stdout.trimEnd().split(/\r?\n/);
    expect(lines).toHaveLength(1 + reportOf(await nightdesk('uptime', '--data', data, ...range, '--json')).lines.length);
    expect(said.stdout).not.toMatch(/(^|,)"?[=@]/m);
    expect(said.stdout).not.toContain('\u001b');
    const file = join(folder, 'uptime.csv');
    const written = await nightdesk('uptime', '--data', data, ...range, '--csv', file);
    expect([written.code, written.stdout]).toEqual([0, `${file}\n`]);
    expect(readFileSync(file, 'utf8')).toBe(said.stdout);
  });

  it('as a table for the eye, in the zone of the organization, harmless', async () => {
    const { code, stdout } = await nightdesk('uptime', '--data', data, ...range);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2026-10-01 02:00:00 \S+ to 2026-10-02 02:00:00 /);
    expect(stdout).toMatch(/web1\/http +92\.500 % +18 h 30 min +- +1 h 30 min/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it('after the last result of a desk that does not run any more, nothing is known', async () => {
    const report = reportOf(
      await nightdesk('uptime', '--data', data, '--from', '2026-10-01T00:00Z', '--to', '2026-10-03T00:00Z', '--json'),
    );
    expect(lineOf(report, tcp.id).parts).toMatchObject({ up: 21 * HOUR + 5 * MINUTE, unknown: 3 * HOUR + DAY - 5 * MINUTE });
    // Without times: the last 30 days, all of them after it.
    const usual = reportOf(await nightdesk('uptime', '--data', data, '--json'));
    expect(usual.to - usual.from).toBe(30 * DAY);
    expect(lineOf(usual, tcp.id)).toMatchObject({ availability: null, outages: 0 });
  });

  it('beside somebody who writes, and with damaged rows', async () => {
    const busy = join(folder, 'busy');
    const store = day(busy);
    const db = new DatabaseSync(join(busy, storeFileName));
    db.exec(`UPDATE spells SET standing = 99 WHERE check_id = 'web1/tcp'; UPDATE windows SET body = '{'`);
    db.close();
    const report = reportOf(await nightdesk('uptime', '--data', busy, ...range, '--json'));
    expect(lineOf(report, tcp.id).parts).toMatchObject({ up: 0, unknown: DAY });
    expect(lineOf(report, http.id).parts).toMatchObject({ down: 2.5 * HOUR, maintenance: 0 });
    store.close();
  });

  it('with a plan that was kept by an older version', async () => {
    const older = join(folder, 'older');
    const store = day(older);
    const { maintenance, routines, notify, flapping, ...kept } = plan;
    expect(store.commit({ ...empty, documents: [['plan', JSON.stringify(kept)]] }).ok).toBe(true);
    store.close();
    expect(reportOf(await nightdesk('uptime', '--data', older, ...range, '--json')).lines.length).toBeGreaterThan(3);
  });

  it.each([
    ['no folder', ['uptime'], '--data DIR'],
    ['two things at once', ['uptime', '--data', '.', '--json', '--csv', '-'], '--json or --csv -'],
    ['an unknown option', ['uptime', '--data', '.', '--since', 'x'], '--since'],
    ['a bad --from', ['uptime', '--data', 'DATA', '--from', 'monday'], '--from: expected an ISO time'],
    ['a bad --to', ['uptime', '--data', 'DATA', '--to', '2026-13-01'], '--to: expected an ISO time'],
    ['a bad --zone', ['uptime', '--data', 'DATA', '--zone', 'Mars'], '--zone: expected an IANA time zone'],
    ['an end before its beginning', ['uptime', '--data', 'DATA', '--from', '2026-10-02', '--to', '2026-10-01'], 'must come after'],
    ['a time to come', ['uptime', '--data', 'DATA', '--from', '2096-10-02', '--to', '2097-10-01'], 'has not begun yet'],
    ['a folder without a desk', ['uptime', '--data', '/nonexistent'], 'no data file'],
    [
      'a file that cannot be written',
      ['uptime', '--data', 'DATA', '--csv', '/nonexistent/x.csv'],
      '--csv: /nonexistent/x.csv cannot be written',
    ],
  ])('%s is named', async (_, args, words) => {
    const { code, stdout, stderr } = await nightdesk(...args.map((it) => (it === 'DATA' ? data : it)));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('changes', () => {
  const listed = (name: string, content: string): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const changesIn = (of: string) => {
    const opened = openStoreToRead(of);
    if (!opened.ok) throw new Error(opened.failure.text);
    const all = opened.value.changes(0, Number.MAX_SAFE_INTEGER, null);
    opened.value.close();
    return all.map(({ at, subject, text, by }) => ({ at, subject, text, by }));
  };
  const list = 'at,subject,text,by\n2026-10-01T02:00,web1,"security patches, reboot",Bob\n2026-10-01T03:00,,new firewall rules,\n';

  it('are taken in with their time, subject and author; once, however often', async () => {
    const own = join(folder, 'own');
    day(own).close();
    const file = listed('list.csv', list);
    const first = await nightdesk('changes', file, '--data', own, '--by', 'Ada');
    expect([first.code, first.stdout, first.stderr]).toEqual([0, '2 changes added\n', '']);
    const both = [
      { at: from + HOUR, subject: null, text: 'new firewall rules', by: 'Ada' },
      { at: from, subject: 'web1', text: 'security patches, reboot', by: 'Bob' },
    ];
    expect(changesIn(own)).toEqual(both);
    const longer = listed('longer.csv', `${list}2026-10-01T04:00,fra,power work,Eve\n`);
    const second = await nightdesk('changes', longer, '--data', own, '--by', 'Ada');
    expect([second.code, second.stdout]).toEqual([0, '1 change added, 2 there already\n']);
    expect((await nightdesk('changes', longer, '--data', own, '--by', 'Ada')).stdout).toBe('0 changes added, 3 there already\n');
    expect(changesIn(own)).toEqual([{ at: from + 2 * HOUR, subject: 'fra', text: 'power work', by: 'Eve' }, ...both]);
  });

  it('are not written behind the back of a running desk', async () => {
    const busy = join(folder, 'running');
    const store = day(busy);
    const { code, stdout, stderr } = await nightdesk('changes', listed('l.csv', list), '--data', busy, '--by', 'Ada');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^nightdesk: Nightdesk is running on this data folder\. Import the file in its window/);
    store.close();
    expect(changesIn(busy)).toEqual([]);
  });

  it.each<[string, string, string[], RegExp]>([
    ['a mistake in the file, with its line', 'at,text\nmonday,patches\n2026-10-01,x\n', [], /:2: expected "at" to be an ISO time/],
    ['hostile letters in it', 'at,text\n\u001b[31mred,patches\n', [], /not "red"/],
    ['something that is not in the inventory', 'at,subject,text\n2026-10-01,web9,patches\n', [], /there is no "web9" in the inventory/],
    ['an empty file', '', [], /:1: expected a change/],
    ['no name', list, ['--by', ' '], /--by NAME/],
    ['no desk', list, ['--data', '/nonexistent'], /no data file/],
  ])('%s is named, and nothing is taken', async (_, content, more, words) => {
    const args = { '--data': data, '--by': 'Ada', ...Object.fromEntries([more].filter((it) => it.length > 0)) } as Record<string, string>;
    const { code, stdout, stderr } = await nightdesk('changes', listed('bad.csv', content), ...Object.entries(args).flat());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain('\u001b');
    expect(changesIn(data)).toEqual([]);
  });

  it.each([
    ['no file', ['changes', '--data', '.', '--by', 'Ada'], 'changes wants one file'],
    ['two files', ['changes', 'a', 'b', '--data', '.', '--by', 'Ada'], 'changes wants one file'],
    ['a file that is not there', ['changes', '/nonexistent.csv', '--data', '.', '--by', 'Ada'], '/nonexistent.csv cannot be read (ENOENT)'],
    ['a folder', ['changes', '/', '--data', '.', '--by', 'Ada'], '/ cannot be read (EISDIR)'],
  ])('%s is named', async (_, args, words) => {
    const { code, stdout, stderr } = await nightdesk(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  it('a file that is far too large is not read', async () => {
    const file = listed('large.csv', 'x'.repeat(5_000_001));
    expect((await nightdesk('changes', file, '--data', data, '--by', 'Ada')).stderr).toContain('larger than 5 MB');
    expect(existsSync(file)).toBe(true);
  });
});
