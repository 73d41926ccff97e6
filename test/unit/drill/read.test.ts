/** Drill files: what is read from a good one, and the place and the words of every mistake in a bad one. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readScenario } from '../../../electron/drill/read.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporary-folder.ts';

afterAll(removeTemporaryFolders);

const inventory = `organization: { name: Harbour Hosting, timezone: America/New_York }
sites: [{ id: bay }]
links:
  - { id: north, site: bay, provider: Northline, gateway: 198.51.100.1 }
  - { id: sky, site: bay, provider: Skyroute, gateway: 198.51.100.65 }
prefixes:
  - { id: p1, cidr: 192.0.2.0/25, site: bay, via: [north], representatives: [192.0.2.1] }
  - { id: p2, cidr: 192.0.2.128/25, site: bay, via: [sky] }
hosts: [{ id: web1, site: bay, address: 192.0.2.10, checks: [{ type: icmp }, { type: zone, zone: example.net }] }]
services: [{ id: web, name: web sites, hosts: [web1] }]
mail: [{ id: mail, domain: example.net, hosts: [web1] }]
`;
/** The first line of `world` is line 6. */
const drill = (world: string, people = ''): string => `name: A night
start: 2026-06-16T03:00:00-04:00
end: 2026-06-16T08:00:00-04:00
inventory: inventory.yaml
world:
${world}
people:
${people}
`;

async function read(text: string, beside = inventory) {
  const folder = temporaryFolder('drill');
  const file = join(folder, 'night.yaml');
  writeFileSync(file, text);
  writeFileSync(join(folder, 'inventory.yaml'), beside);
  return readScenario(file);
}
/** "6:25 where: expected". */
async function mistakes(text: string, beside = inventory): Promise<string[]> {
  const found = await read(text, beside);
  return found.ok ? [] : found.failure.problems.map((it) => `${it.line}:${it.column} ${it.where}: ${it.expected}`);
}
const at = (text: string): number => Date.parse(`2026-06-16T${text}-04:00`);

describe('a good drill', () => {
  it('has its faults, its deeds and their moments', async () => {
    const found = await read(
      drill(
        `  - { at: "03:18", break: { link: north, prefixes: [p1] } }
  - { at: "+1h20m", break: { host: web1 } }
  - { at: "05:00:30", restore: { link: north } }`,
        `  - { at: "03:24", acknowledge: { by: anna, comment: driving in } }
  - { at: 2026-06-16T07:30:00Z, note: { by: anna, text: at the desk } }`,
      ),
    );
    if (!found.ok) throw new Error(JSON.stringify(found.failure));
    const { spells, deeds, start, end, inventory: own } = found.value;
    expect(spells).toEqual([
      { fault: { link: 'north', prefixes: ['p1'] }, from: at('03:18:00'), to: at('05:00:30') },
      { fault: { host: 'web1', mode: 'down' }, from: at('04:20:00'), to: Number.POSITIVE_INFINITY },
    ]);
    expect(deeds.map((it) => [it.at, it.deed.kind])).toEqual([
      [at('03:24:00'), 'acknowledge'],
      [at('03:30:00'), 'note'],
    ]);
    expect([start, end]).toEqual([at('03:00:00'), at('08:00:00')]);
    expect(own.plan.organization.name).toBe('Harbour Hosting');
  });
  it('may hold its inventory itself, and be mended in parts', async () => {
    const inline = `inventory:\n${inventory
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n')}`;
    const text = drill(`  - { at: "03:10", break: { link: north, prefixes: [p1] } }`).replace('inventory: inventory.yaml', inline);
    const found = await read(text, 'not: used');
    expect(found.ok && found.value.spells).toHaveLength(1);
  });
});

describe('mistakes are told with their place', () => {
  it.each<[name: string, world: string, people: string, told: string[]]>([
    [
      'a subject that there is none of',
      '  - { at: "03:18", break: { lnk: north } }',
      '',
      ['6:27 world[0] › break: one of link, site, host, service, mail, dns, backup, desk, with its own settings; found a group of keys'],
    ],
    [
      'a mode that there is none of',
      '  - { at: "03:18", break: { host: web1, mode: dwon } }',
      '',
      [
        '6:47 world[0] › break › mode: one of down, hang, reboot, boot-loop, read-only-disk, disk-full, memory-errors, hot; found "dwon", did you mean down?',
      ],
    ],
    [
      'a mode that is missing',
      '  - { at: "03:18", break: { service: web } }',
      '',
      ['6:27 world[0] › break › mode: one of refuse, timeout, slow'],
    ],
    [
      'a key too many',
      '  - { at: "03:18", break: { site: bay, mode: down } }',
      '',
      ['6:40 world[0] › break › mode: a known key; "mode" is none, the keys here are site, power, flap and portion'],
    ],
    [
      'a host that is not there',
      '  - { at: "03:18", break: { host: web2 } }',
      '',
      ['6:35 world[0] › break › host: the id of a host; "web2" is none, did you mean web1?'],
    ],
    [
      'a prefix of another link',
      '  - { at: "03:18", break: { link: north, prefixes: [p1, p2] } }',
      '',
      ['6:57 world[0] › break › prefixes[1]: the id of a prefix that comes by north; "p2" is none, did you mean p1?'],
    ],
    [
      'a zone that nobody looks at',
      '  - { at: "03:18", break: { dns: example.org, mode: servfail } }',
      '',
      ['6:34 world[0] › break › dns: a zone that a check looks at; "example.org" is none, did you mean example.net?'],
    ],
    [
      'a mail domain that is not there',
      '  - { at: "03:18", break: { mail: example.com, mode: auth-fails } }',
      '',
      ['6:35 world[0] › break › mail: a mail domain or its id; "example.com" is none, did you mean example.net?'],
    ],
    [
      'a backup that nobody watches',
      '  - { at: "03:18", break: { backup: web1, mode: late } }',
      '',
      [
        '6:37 world[0] › break › backup: what a backup or heartbeat check belongs to, or the check itself; "web1" is none, there is none at all',
      ],
    ],
    [
      'a value where there is none',
      '  - { at: "03:18", break: { host: web1, value: 3 } }',
      '',
      ['6:48 world[0] › break › value: no value: this fault takes none'],
    ],
    [
      'a value of another kind',
      '  - { at: "03:18", break: { host: web1, mode: reboot, value: soon } }',
      '',
      ['6:62 world[0] › break › value: a duration such as "4m": how long it is away'],
    ],
    [
      'a sleep in parts',
      '  - { at: "03:18", break: { desk: true, mode: asleep, portion: 0.5 } }',
      '',
      ['6:64 world[0] › break › portion: no portion: a computer sleeps or does not'],
    ],
    [
      'the end of what is not broken',
      '  - { at: "03:18", restore: { host: web1 } }',
      '',
      ['6:29 world[0] › restore: something that is broken by then; this host is not'],
    ],
    [
      'the end of another prefix',
      '  - { at: "03:10", break: { link: north, prefixes: [p1] } }\n  - { at: "03:18", restore: { link: sky, prefixes: [p2] } }',
      '',
      ['7:29 world[1] › restore: something that is broken by then; this link is not'],
    ],
    [
      'a time that is none',
      '  - { at: "25:18", break: { host: web1 } }',
      '',
      ['6:11 world[0] › at: a time that there is; "25:18" is none'],
    ],
    [
      'a time after the end',
      '  - { at: "+6h", break: { host: web1 } }',
      '',
      ['6:11 world[0] › at: a time within the drill; this one is after its end'],
    ],
    [
      'a time before the start',
      '  - { at: 2026-06-16T01:00:00-04:00, break: { host: web1 } }',
      '',
      ['6:11 world[0] › at: a time within the drill; this one is before its start'],
    ],
    [
      'two deeds in one',
      '',
      '  - { at: "03:18", note: { by: a, text: b }, decision: { by: a, text: b } }',
      ['8:5 people[0]: exactly one of'],
    ],
    [
      'a deed about nothing',
      '',
      '  - { at: "03:18", change: { by: a, what: b, subject: web9 } }',
      ['8:55 people[0] › change › subject: the id of something in the inventory; "web9" is none, did you mean web1?'],
    ],
    [
      'work that is not planned',
      '',
      '  - { at: "03:18", cancel: { maintenance: patch } }',
      ['8:43 people[0] › cancel › maintenance: the name of planned work of before; "patch" is none, there is none at all'],
    ],
    [
      'a status without an incident',
      '',
      '  - { at: "03:18", status: { by: a, status: resolved } }',
      ['8:28 people[0] › status: an incident by then'],
    ],
    [
      'work that ends at no time',
      '',
      '  - { at: "03:18", maintenance: { name: n, from: "04:00", to: "99:00", affects: [web] } }',
      ['8:63 people[0] › maintenance › to: a time that there is'],
    ],
  ])('%s', async (_, world, people, told) => {
    const found = await mistakes(drill(world === '' ? '  []' : world, people === '' ? '  []' : people));
    expect(found).toHaveLength(told.length);
    expect(found.map((it, index) => it.slice(0, told[index]?.length))).toEqual(told);
  });
  it('of the inventory beside it with the name of that file', async () => {
    const found = await read(drill('  []'), `${inventory}\nnonsense: 1\n`);
    expect(!found.ok && found.failure.file).toMatch(/inventory\.yaml$/);
  });
  it('of the inventory within it at its place there', async () => {
    const text = drill('  []').replace('inventory: inventory.yaml', 'inventory:\n  hosts:\n    - { id: web1, adress: 192.0.2.1 }');
    expect(await mistakes(text)).toEqual([
      '6:19 inventory › hosts[0] "web1" › adress: a known key; "adress" is none, did you mean address?',
    ]);
  });
  it('of an end before the start, of a file that is missing or no YAML', async () => {
    expect(await mistakes(drill('  []').replace('08:00', '02:00'))).toEqual([
      '3:6 end: a time after `start`; found "2026-06-16T02:00:00-04:00"',
    ]);
    // A year that was mistyped is a drill that nobody sees the end of.
    expect(await mistakes(drill('  []').replace(/^end: 2026/m, 'end: 2062'))).toEqual([
      '3:6 end: a time at most 31 days after `start`; found "2062-06-16T08:00:00-04:00"',
    ]);
    const missing = await readScenario(join(temporaryFolder('drill'), 'none.yaml'));
    expect(!missing.ok && missing.failure.problems[0]?.expected).toMatch(/^a drill file; there is no /);
    expect((await mistakes('name: [')).length).toBe(1);
    expect((await mistakes('')).length).toBeGreaterThan(2);
  });
});
