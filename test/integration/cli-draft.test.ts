/** `nightdesk draft` and `nightdesk incidents`: processes of their own over real stores, and what they write, read again. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../electron/setup/build.ts';
import { resolveElectron } from '../../electron/setup/electron-runtime.ts';
import { projectRoot } from '../../electron/setup/paths.ts';
import { exportedJsonSchema } from '../../shared/documents/exported-json.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { DAY, HOUR } from '../../shared/time.ts';
import { command, endCommands, type Said } from '../support/cli.ts';
import { webServerDoesNotComeBack } from '../support/draft-cases.ts';
import { incidentOf, keepNight } from '../support/kept-night.ts';
import { paperOf } from '../support/papers.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';
import { unzip, xmlProblem } from '../support/unzip.ts';

const night = webServerDoesNotComeBack();
const incident = incidentOf(night);
const secret = 'battery-staple-9';
const work: MaintenanceWindow = {
  id: '01WORK',
  name: 'New disks in web1',
  kind: 'fixed',
  from: Date.now() + DAY,
  to: Date.now() + DAY + HOUR,
  durationMs: null,
  schedule: null,
  affects: ['web1'],
  spares: [],
  reason: '',
  source: 'desk',
  by: 'Kim',
  createdAt: Date.now() - DAY,
  startedAt: null,
  endedAt: null,
  cancelledAt: null,
  skipped: [],
};
let folder: string;
let data: string;
beforeAll(() => {
  folder = temporaryFolder('cli-draft');
  data = join(folder, 'data');
  const store = keepNight(data, night, {
    incidents: [incident, incidentOf(night, { id: '01MERGED', mergedInto: '01INCIDENT', alerts: [] })],
    windows: [work],
  });
  store.close();
}, 60_000);
afterAll(() => {
  endCommands();
  removeTemporaryFolders();
});

const nightdesk = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Said> =>
  command(args, {
    program: [process.execPath, '--no-warnings', join(projectRoot, 'electron', 'engine', 'cli.ts')],
    env: { NIGHTDESK_ELECTRON: '', ...env },
  });
const draft = (...args: string[]): Promise<Said> => nightdesk(['draft', '--data', data, ...args]);
let outs = 0;
const out = (): string => join(folder, `out-${outs++}`);
const read = (file: string): string => readFileSync(file, 'utf8');

describe('incidents', () => {
  it('are listed for the eye', async () => {
    const { code, stdout, stderr } = await nightdesk(['incidents', '--data', data]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^01INCIDENT {2}2026-11-15 04:02:10 PST {2}41 min {2}major, resolved {2}Web sites were down$/m);
    expect(stdout).toMatch(/^01MERGED .*\(part of 01INCIDENT\)$/m);
  });
  it('and for programs', async () => {
    const { code, stdout } = await nightdesk(['incidents', '--data', data, '--json']);
    expect(code).toBe(0);
    const all = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(all).toContainEqual(
      expect.objectContaining({ id: '01INCIDENT', status: 'resolved', from: Date.parse('2026-11-15T04:02:10-08:00'), mergedInto: null }),
    );
  });
});

describe('draft', () => {
  it('writes all kinds in all formats, but for PDF where nothing prints', async () => {
    const to = out();
    const { code, stdout, stderr } = await draft('--incident', '01INCIDENT', '--kind', 'all', '--format', 'all', '--out', to);
    expect(code).toBe(3);
    expect(stderr).toMatch(/\.pdf was not written: no Electron is here to print with/);
    const names = readdirSync(to).sort();
    expect(stdout.trimEnd().split('\n').sort()).toEqual(names.map((name) => join(to, name)));
    const endings = (name: string): string[] => names.filter((it) => it.startsWith(`${name}.`)).map((it) => it.slice(name.length + 1));
    expect(endings('2026-11-15 Web sites were down')).toEqual(['csv', 'docx', 'html', 'json', 'md', 'txt']);
    expect(endings('2026-11-15 Web sites were down - report to customers')).toEqual(['docx', 'html', 'json', 'md', 'txt']);
    expect(endings('2026-11-15 Web sites were down - status update')).toEqual(['docx', 'html', 'json', 'md', 'txt']);
    expect(names.join()).not.toMatch(/ics|\.part|planned/);
    // Nothing was promised here, so nothing is claimed.
    expect(stderr).toMatch(/^sla-credit: left out/m);

    const base = join(to, '2026-11-15 Web sites were down');
    const html = read(`${base}.html`);
    expect(html).toMatch(/<svg [\s\S]*HTTP of web1/);
    expect(html).not.toMatch(/<script|<img|src=/);
    expect(read(`${base}.md`)).toMatch(/^\[\^1\]: /m);
    for (const line of read(`${base}.txt`).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const parts = unzip(readFileSync(`${base}.docx`));
    for (const [name, xml] of parts) expect([name, xmlProblem(xml)]).toEqual([name, null]);
    expect(parts.get('word/document.xml')).toContain('<w:endnoteReference');
    const json = exportedJsonSchema.parse(JSON.parse(read(`${base}.json`)));
    expect(json.document.sections.length).toBeGreaterThan(3);
    expect(json.facts.affected.map((it) => it.id)).toContain('web1');
    const csv = read(`${base}.csv`).split('\r\n');
    expect(csv[0]).toContain('Time (UTC),Time (America/Los_Angeles),What,Details,Who,Event,Evidence in the document');
    expect(csv.some((line) => line.startsWith('2026-11-15T12:02:10Z,2026-11-15 04:02:10 PST,'))).toBe(true);
    const forCustomers = read(join(to, '2026-11-15 Web sites were down - report to customers.md'));
    expect(forCustomers).not.toMatch(/\[\^\d|Evidence|E000/);
  }, 60_000);

  it('Markdown and HTML of the post-mortem where nothing else is asked for, also of a stretch of time', async () => {
    const to = out();
    const said = await draft('--from', '2026-11-15T03:50', '--to', '2026-11-15T05:00', '--out', to, '--clock', '12h');
    expect([said.code, said.stderr]).toEqual([0, '']);
    const [html, markdown, ...more] = readdirSync(to).sort();
    expect(more).toEqual([]);
    expect([html, markdown]).toEqual([expect.stringMatching(/^2026-11-15 .*\.html$/), expect.stringMatching(/^2026-11-15 .*\.md$/)]);
    expect(read(join(to, markdown ?? ''))).toMatch(/4:02:10 AM/);
  });

  it('never overwrites a file unasked, and then writes nothing at all', async () => {
    const to = out();
    const args = ['--incident', '01INCIDENT', '--out', to];
    expect((await draft(...args, '--format', 'html')).code).toBe(0);
    const [name = ''] = readdirSync(to);
    writeFileSync(join(to, name), 'mine');
    const again = await draft(...args, '--format', 'markdown,html');
    expect([again.code, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toBe(`nightdesk: ${join(to, name)} is there already. Nothing was written. Say --force to overwrite.\n`);
    expect([readdirSync(to), read(join(to, name))]).toEqual([[name], 'mine']);
    const forced = await draft(...args, '--format', 'markdown,html', '--force');
    expect([forced.code, forced.stderr]).toEqual([0, '']);
    expect(read(join(to, name))).toContain('<!doctype html>');
  });

  it('keeps links and rights of what it overwrites, and takes the place of no folder', async () => {
    const to = out();
    const args = ['--incident', '01INCIDENT', '--out', to, '--format', 'markdown', '--force'];
    expect((await draft(...args)).code).toBe(0);
    const file = join(to, readdirSync(to)[0] ?? '');
    const real = join(folder, 'elsewhere.md');
    writeFileSync(real, 'old', { mode: 0o640 });
    execFileSync('rm', [file]);
    symlinkSync(real, file);
    expect((await draft(...args)).code).toBe(0);
    expect(read(real)).toContain('# ');
    expect(statSync(real).mode & 0o777).toBe(0o640);
    execFileSync('rm', [file]);
    execFileSync('mkdir', [file]);
    const blocked = await draft(...args);
    expect([blocked.code, blocked.stderr]).toEqual([2, expect.stringContaining('there is a folder of that name')]);
  });

  it('takes what people wrote, as they left it; --fresh drafts anew', async () => {
    const own = join(folder, 'edited');
    const store = keepNight(own, night, { incidents: [incident] });
    const paper = paperOf(
      { Summary: `The cause was a **wrong owner**. The password was ${secret}. [TO FILL: Why?]` },
      { incident: incident.id, title: 'Our own words', options: { zone: 'UTC', clock: '24h' } },
    );
    expect(store.commit({ papers: [{ paper, drop: [] }] }).ok).toBe(true);
    store.close();
    const [to, fresh] = [out(), out()];
    const args = ['draft', '--data', own, '--incident', incident.id, '--format', 'text,docx,json'];
    const said = await nightdesk([...args, '--out', to], { NIGHTDESK_SECRET_WEB: secret });
    expect([said.code, said.stderr]).toEqual([0, '']);
    const [docx = '', json = '', text = ''] = readdirSync(to).sort();
    expect(read(join(to, text))).toContain('The cause was a wrong owner. The password was [secret]. [TO FILL: Why?]');
    expect(JSON.parse(read(join(to, json))).document).toMatchObject({ title: 'Our own words', revision: 2, savedBy: 'Ada' });
    expect(read(join(to, json))).not.toContain(secret);
    expect(unzip(readFileSync(join(to, docx))).get('word/document.xml')).toMatch(/password was \[secret\]/);
    expect((await nightdesk([...args, '--out', fresh, '--fresh'])).code).toBe(0);
    expect(read(join(fresh, readdirSync(fresh).find((it) => it.endsWith('.txt')) ?? ''))).not.toContain('wrong owner');
  });

  it('announces planned work, with its calendar', async () => {
    const to = out();
    const said = await draft('--window', '01WORK', '--kind', 'maintenance-announcement', '--format', 'ical,text', '--out', to);
    expect([said.code, said.stderr]).toEqual([0, '']);
    const ics = read(join(to, readdirSync(to).find((it) => it.endsWith('.ics')) ?? ''));
    expect(ics).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*UID:01WORK@[\s\S]*STATUS:CONFIRMED\r\n[\s\S]*END:VCALENDAR\r\n$/);
    expect(ics).toContain('SEQUENCE:0\r\n');
  });

  it('reads beside an engine that writes', async () => {
    const busy = join(folder, 'busy');
    const store = keepNight(busy, night, { incidents: [incident] });
    const said = await nightdesk(['draft', '--data', busy, '--incident', incident.id, '--out', out()]);
    store.close();
    expect([said.code, said.stderr]).toEqual([0, '']);
  });

  it.each<[string, string[], RegExp]>([
    ['an incident that is not there', ['--incident', 'nope'], /there is no incident "nope"; list them with: nightdesk incidents/],
    ['one that goes on elsewhere', ['--incident', '01MERGED'], /part of 01INCIDENT; name that one/],
    ['work that is not there', ['--window', 'nope'], /there is no planned work "nope"; there is 01WORK \(New disks in web1\)/],
    ['two things at once', ['--incident', '01INCIDENT', '--window', '01WORK'], /one of --incident ID, --window ID, or --from ISO/],
    ['no end', ['--from', '2026-11-15'], /one of --incident ID/],
    ['a strange kind', ['--incident', '01INCIDENT', '--kind', 'poem'], /--kind: expected all, or some of post-mortem,.*not "poem"/],
    ['a strange format', ['--incident', '01INCIDENT', '--format', 'odt'], /--format: expected all, or some of markdown,.*not "odt"/],
    ['a calendar of a post-mortem', ['--incident', '01INCIDENT', '--format', 'ical'], /--format: Only planned work goes into a calendar/],
    [
      'an announcement of an incident',
      ['--incident', '01INCIDENT', '--kind', 'maintenance-announcement'],
      /--kind: maintenance-announcement is about planned work/,
    ],
    ['a strange clock', ['--incident', '01INCIDENT', '--clock', '13h'], /--clock: expected 24h or 12h, not "13h"/],
    ['a time to come', ['--from', '2096-11-15', '--to', '2096-11-16'], /has not begun yet/],
    ['letters that are none', ['--incident', '\u001b[31mred'], /there is no incident "red"/],
  ])('%s is named, and nothing is written', async (_what, args, words) => {
    const to = out();
    const { code, stdout, stderr } = await draft(...args, '--out', to);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toContain('\u001b');
    expect(existsSync(to)).toBe(false);
  });
});

describe('PDF without a screen', () => {
  it('is printed by the Electron of the desk: words, title, page numbers, tags, and no network', async () => {
    await ensureBuilt();
    const { path } = await resolveElectron();
    const to = out();
    const env = { ...process.env, NIGHTDESK_ELECTRON: path, DISPLAY: '', WAYLAND_DISPLAY: '' };
    const said = await command(
      ['draft', '--data', data, '--incident', '01INCIDENT', '--kind', 'post-mortem,customer-report', '--format', 'pdf', '--out', to],
      { env },
    );
    expect([said.code, said.stderr]).toEqual([0, '']);
    const [customers = '', own = ''] = readdirSync(to)
      .sort()
      .reverse()
      .map((it) => join(to, it))
      .sort((a, b) => b.length - a.length);
    const words = execFileSync('pdftotext', ['-layout', own, '-'], { encoding: 'utf8' });
    expect(words).toContain('Web sites were down');
    expect(words).toMatch(/Page 1 of \d/);
    expect(words).toContain('What was measured');
    const facts = execFileSync('pdfinfo', [own], { encoding: 'utf8' });
    expect(facts).toMatch(/Title: +Web sites were down/);
    expect(facts).toMatch(/Tagged: +yes/);
    expect(facts).toMatch(/JavaScript: +no/);
    expect(facts).toMatch(/Page size: .*A4/);
    expect(execFileSync('pdftotext', [customers, '-'], { encoding: 'utf8' })).not.toContain('Evidence');
  }, 180_000);
});
