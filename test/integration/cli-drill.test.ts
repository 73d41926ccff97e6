/** `nightdesk drill`: real processes. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../electron/setup/paths.ts';
import { reportFactsSchema } from '../../shared/incident/report-facts.ts';
import { eventSchema } from '../../shared/model/event.ts';
import { command, endCommands } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

afterAll(() => {
  endCommands();
  removeTemporaryFolders();
});

const program = [process.execPath, join(projectRoot, 'electron', 'engine', 'cli.ts')];
const nightdesk = (...args: string[]) => command(args, { program });
const inventory = `organization: { name: Harbour Hosting, timezone: America/New_York }
hosts:
  - { id: web1, address: 192.0.2.10, checks: [{ type: icmp }, { type: ssh }] }
`;
const drill = `name: A host goes
start: 2026-06-16T03:00:00-04:00
end: 2026-06-16T04:00:00-04:00
inventory: inventory.yaml
world:
  - { at: "03:10", break: { host: web1 } }
  - { at: "03:40", restore: { host: web1 } }
people:
  - { at: "03:50", acknowledge: { by: anna, comment: too late } }
`;
function files(text: string): string {
  const folder = temporaryFolder('cli-drill');
  writeFileSync(join(folder, 'inventory.yaml'), inventory);
  writeFileSync(join(folder, 'night.yaml'), text);
  return join(folder, 'night.yaml');
}

describe('drill', () => {
  it('plays to the end: events as JSON lines, the same ones in every process', async () => {
    const file = files(drill);
    const [first, again] = [await nightdesk('drill', file, '--json'), await nightdesk('drill', file, '--json', '--speed', 'max')];
    expect(first.code).toBe(0);
    const events = first.stdout
      .trimEnd()
      .split('\n')
      .map((line) => eventSchema.parse(JSON.parse(line)));
    expect(events.map((it) => it.kind)).toEqual(expect.arrayContaining(['alert-raised', 'alert-recovered']));
    expect(first.stderr).toContain('2026-06-16 03:50:00 EDT: acknowledge was not done: No alert is open that could be taken on.');
    expect(first.stderr).toMatch(/played 1 h in .*, 1 incident\n$/);
    expect(again.stdout).toBe(first.stdout);
  });
  it('tells it in words, and writes what can be drafted', async () => {
    const file = files(drill);
    const out = temporaryFolder('cli-drill-out');
    const { code, stdout } = await nightdesk('drill', file, '--draft', out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^03:10:\d\d EDT {2}Soft +Ping on web1: /m);
    const [folder = ''] = readdirSync(out);
    expect(folder).toBe('DRILL 2026-06-16 web1 is down');
    const report = readFileSync(join(out, folder, 'DRILL post-mortem.md'), 'utf8');
    expect(report).toContain('web1');
    expect(report).toMatch(/^\*\*DRILL\. This was an exercise; nothing of it happened\.\*\*\n/);
    const endings = ['csv', 'docx', 'html', 'json', 'md', 'txt'];
    expect(readdirSync(join(out, folder)).filter((name) => /^(DRILL post-mortem|facts)\.(?!pdf)/.test(name))).toEqual([
      ...endings.map((ending) => `DRILL post-mortem.${ending}`),
      'facts.json',
    ]);
    const facts = JSON.parse(readFileSync(join(out, folder, 'facts.json'), 'utf8'));
    expect(facts.drill).toBe(true);
    expect(reportFactsSchema.parse(facts)).toBeDefined();
    expect(stdout).toContain(join(out, folder, 'DRILL post-mortem.md'));
    // What is there stays, unless it is said that it may go.
    expect(await nightdesk('drill', file, '--draft', out)).toMatchObject({ code: 2, stderr: expect.stringContaining('Say --force') });
    expect((await nightdesk('drill', file, '--draft', out, '--force')).code).toBe(0);
  });
  it('keeps the pace that is asked for', async () => {
    const file = files(drill);
    const began = performance.now();
    // An hour at 3,600 times the speed of life.
    const { code, stdout } = await nightdesk('drill', file, '--json', '--speed', '3600');
    expect(code).toBe(0);
    expect(performance.now() - began).toBeGreaterThan(1_000);
    expect(stdout).toContain('alert-raised');
  });
});

describe('drill --check', () => {
  it('says what a good one holds', async () => {
    expect(await nightdesk('drill', '--check', files(drill))).toMatchObject({
      code: 0,
      stdout: 'A host goes: 1 fault, 1 deed, 2 checks\n',
      stderr: '',
    });
  });
  it('tells a mistake with file, line and column', async () => {
    const file = files(drill.replace('break: { host: web1 }', 'break: { host: web2 }'));
    const { code, stderr } = await nightdesk('drill', '--check', file);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:6:35: world[0] › break › host: expected the id of a host; "web2" is none, did you mean web1?`);
    expect((await nightdesk('drill', file)).code).toBe(2);
  });
});

describe('calls that cannot be', () => {
  it.each([
    [['drill'], 'drill wants one drill file'],
    [['drill', 'a.yaml', 'b.yaml'], 'drill wants one drill file'],
    [['drill', 'a.yaml', '--speed', 'fast'], '--speed: expected a number such as 60, or max'],
    [['drill', 'a.yaml', '--speed', '0'], '--speed: expected a number such as 60, or max'],
    [['drill', 'none.yaml'], 'a drill file; there is no none.yaml'],
  ])('%j', async (args, told) => {
    const { code, stderr } = await nightdesk(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(told);
  });
});
