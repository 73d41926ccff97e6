/** The judge of what the desk says in a drill: right, near or false, by the kind of fault. */
import { afterAll, describe, expect, it } from 'vitest';
import { type Judgement, type Named, truthOf } from '../../../electron/drill/truth.ts';
import type { CauseKind, Diagnosis } from '../../../shared/diagnosis/types.ts';
import { MINUTE } from '../../../shared/time.ts';
import { nightAt, readNight } from '../../support/drill-bay.ts';
import { removeTemporaryFolders } from '../../support/temporary-folder.ts';

afterAll(removeTemporaryFolders);

const named = (kind: CauseKind, culprits: string, prefixes = '', explains = ''): Named => {
  const list = (text: string): string[] => text.split(' ').filter((it) => it !== '');
  return { kind, culprits: list(culprits), prefixes: list(prefixes), explains: list(explains) };
};
const broken = (fault: string, from = '03:20', to = '04:20'): string => {
  const subject = /^\w+: [\w./-]+/.exec(fault)?.[0] ?? '';
  const after = (time: string): string => `+${(nightAt(time) - nightAt('03:00')) / MINUTE}m`;
  return `  - { at: ${after(from)}, break: { ${fault} } }\n  - { at: ${after(to)}, restore: { ${subject} } }`;
};
type Case = [string, Named, Judgement];
const dropped = 'link: north, prefixes: [p1]';

const faults: [string, Case[]][] = [
  [
    dropped,
    [
      ['the link with what it drops', named('link-prefixes', 'north', 'p1'), 'right'],
      ['one of two links, which a trace could tell apart', named('link-prefixes', 'sky north', 'p1'), 'near'],
      ['the other link', named('link-prefixes', 'sky', 'p1'), 'false'],
      ['a prefix too many', named('link-prefixes', 'north', 'p1 p2'), 'false'],
      ['the circuit, which is up', named('link', 'north'), 'false'],
      ['what does not work because of it', named('prefix', 'p1'), 'near'],
      ['a prefix that works', named('prefix', 'p2'), 'false'],
      ['a machine behind it', named('host', 'web1'), 'near'],
      ['a machine elsewhere', named('host', 'mail1'), 'false'],
      ['a program behind it', named('service', 'web'), 'near'],
      ['the site', named('site', 'bay'), 'false'],
      ['the desk', named('desk', 'desk'), 'false'],
    ],
  ],
  [
    'link: north',
    [
      ['the circuit', named('link', 'north'), 'right'],
      ['the other', named('link', 'sky'), 'false'],
      ['prefixes that go by the other now', named('link-prefixes', 'north', 'p1'), 'false'],
      ['the site, which has another', named('site', 'bay'), 'false'],
    ],
  ],
  [
    'link: lone',
    [
      ['the only circuit', named('link', 'lone'), 'right'],
      ['its site, as nobody outside can tell', named('site', 'hill'), 'right'],
    ],
  ],
  [
    'link: north, loss: 0.4',
    [
      ['loss on it', named('link-loss', 'north'), 'right'],
      ['loss on the other', named('link-loss', 'sky'), 'false'],
      ['that it is down', named('link', 'north'), 'false'],
      ['a prefix that rides on it', named('prefix', 'p1'), 'near'],
    ],
  ],
  [
    'site: bay, power: true',
    [
      ['the site', named('site', 'bay'), 'right'],
      ['a circuit that is dark with it', named('link', 'sky'), 'near'],
      ['the other site', named('site', 'hill'), 'false'],
    ],
  ],
  [
    'host: web1, mode: down',
    [
      ['the machine', named('host', 'web1'), 'right'],
      ['it as what several things need', named('dependency', 'web1', '', 'web1/icmp web/http shop/tcp'), 'right'],
      ['only what needs it', named('dependency', 'web1', '', 'web/http shop/tcp'), 'near'],
      ['one of its checks', named('check', 'web1/icmp'), 'near'],
      ['a program on it', named('service', 'shop'), 'near'],
      ['the machine beside it', named('host', 'db1'), 'false'],
      ['its range', named('prefix', 'p1'), 'false'],
    ],
  ],
  ['host: web1, mode: hang', [['that it hangs', named('host-hangs', 'web1'), 'right']]],
  [
    'host: web1, mode: read-only-disk',
    [
      ['the check that tells it', named('check', 'web1/inside'), 'right'],
      ['another check of it, which passes', named('check', 'web1/icmp'), 'false'],
      ['a program on it, which works', named('service', 'shop'), 'false'],
    ],
  ],
  [
    'service: db, mode: refuse',
    [
      ['the program', named('service', 'db'), 'right'],
      ['it as what others need', named('dependency', 'db', '', 'db/tcp web/http'), 'right'],
      ['its only check', named('check', 'db/tcp'), 'right'],
      ['what needs it', named('service', 'web'), 'near'],
      ['what does not need it', named('service', 'shop'), 'false'],
      ['its machine, which is up', named('host', 'db1'), 'false'],
    ],
  ],
  [
    'mail: example.net, mode: auth-fails, protocols: [imap, pop3]',
    [
      ['the leg', named('leg', 'mail.reading'), 'right'],
      ['the whole entry', named('mail', 'mail'), 'right'],
      ['another leg', named('leg', 'mail.receiving'), 'false'],
      ['one door of it', named('check', 'mail.reading/imap'), 'near'],
      ['its machine', named('host', 'mail1'), 'false'],
    ],
  ],
  [
    'mail: mail, mode: auth-fails',
    [
      ['the entry', named('mail', 'mail'), 'right'],
      ['all legs', named('leg', 'mail.reading mail.sending mail.filters'), 'right'],
      ['one of two legs', named('leg', 'mail.reading'), 'near'],
    ],
  ],
  [
    'dns: example.net, mode: wrong-answer, server: 203.0.113.20',
    [
      ['the server', named('name-server', '203.0.113.20'), 'right'],
      ['the other server', named('name-server', '192.0.2.130'), 'false'],
      ['the check that asks it', named('check', 'dns/ns2'), 'right'],
      ['the check that asks the other', named('check', 'dns/ns1'), 'false'],
      ['the service', named('service', 'dns'), 'right'],
      ['its machine, which is up', named('host', 'ns2'), 'false'],
    ],
  ],
  [
    'backup: web1/push, mode: late',
    [
      ['the check', named('check', 'web1/push'), 'right'],
      ['its machine', named('host', 'web1'), 'false'],
    ],
  ],
  ['desk: true, mode: offline', [['the desk', named('desk', 'desk'), 'right']]],
];

describe.each(faults)('%s', (fault, cases) => {
  it.each(cases)('%s', async (_, it, expected) => {
    const truth = truthOf(await readNight(broken(fault)));
    // Late enough for a job that should have called within the hour.
    expect(truth.judge(it, 'likely', nightAt('04:18'))).toBe(expected);
  });
});

describe('time, doubt and several faults', () => {
  const judge = async (world: string, it: Named, at: string, confidence: Diagnosis['confidence'] = 'sure') =>
    truthOf(await readNight(world)).judge(it, confidence, nightAt(at));
  const down = broken('host: web1, mode: down');

  it.each<[string, string, Judgement]>([
    ['before', '03:19', 'false'],
    ['at once', '03:20', 'right'],
    ['while it lasts', '04:00', 'right'],
    ['a moment after it, as nobody has looked since', '04:20:30', 'right'],
    ['long after it', '04:25', 'false'],
  ])('names it %s: %s is %s', async (_, at, expected) => {
    expect(await judge(down, named('host', 'web1'), at)).toBe(expected);
  });
  it('gives a sentence as long as its own checks take to look again', async () => {
    // Asked every five minutes.
    const truth = truthOf(await readNight(broken('host: ns2, mode: down')));
    const at = nightAt('04:24');
    expect(truth.judge(named('host', 'ns2', '', 'ns2/icmp'), 'sure', at)).toBe('right');
    expect(truth.judge(named('host', 'ns2', '', 'dns/ns2'), 'sure', at)).toBe('false');
  });
  it('holds nothing against one who doubts', async () => {
    expect(await judge(down, named('host', 'mail1'), '03:30', 'unsure')).toBe('near');
    expect(await judge(down, named('host', 'web1'), '03:30', 'unsure')).toBe('near');
  });
  it('takes any of several faults as an answer, and each for itself', async () => {
    const read = await readNight(`${down}\n${broken('service: db, mode: refuse', '03:40')}`);
    const truth = truthOf(read);
    const [host, service] = [named('host', 'web1'), named('service', 'db')];
    expect([truth.judge(host, 'sure', nightAt('03:50')), truth.judge(service, 'sure', nightAt('03:50'))]).toEqual(['right', 'right']);
    const [first, second] = read.spells;
    if (!first || !second) throw new Error('two faults');
    expect([truth.isRight(host, [first], nightAt('03:50')), truth.isRight(host, [second], nightAt('03:50'))]).toEqual([true, false]);
  });
  it('follows prefixes as they are mended one by one', async () => {
    const world = `  - { at: "03:20", break: { link: north, prefixes: [p1, p2] } }
  - { at: "03:50", restore: { link: north, prefixes: [p1] } }
  - { at: "04:10", restore: { link: north } }`;
    const [both, one] = [named('link-prefixes', 'north', 'p1 p2'), named('link-prefixes', 'north', 'p2')];
    expect(await judge(world, both, '03:30')).toBe('right');
    expect(await judge(world, one, '03:30')).toBe('near');
    expect(await judge(world, both, '03:50:20')).toBe('right');
    expect(await judge(world, both, '04:00')).toBe('false');
    expect(await judge(world, one, '04:00')).toBe('right');
  });
  it('takes one of several for an answer only where nothing there could tell which', async () => {
    const tied = named('link-prefixes', 'sky north', 'p1');
    expect(await judge(broken(dropped), tied, '03:30')).toBe('near');
    const read = await readNight(broken(dropped));
    const links = read.inventory.inventory.links.map((it) => ({ ...it, hops: [] }));
    const blind = { ...read, inventory: { ...read.inventory, inventory: { ...read.inventory.inventory, links } } };
    expect(truthOf(blind).judge(tied, 'sure', nightAt('03:30'))).toBe('right');
    // Each has checks of its own.
    expect(await judge(broken('host: web1, mode: down'), named('host', 'web1 mail1'), '03:30')).toBe('near');
  });
  it('lets be said what several things have in common, where they fail; all of them by name are the answer', async () => {
    const both = `${broken('service: web, mode: error')}\n${broken('service: shop, mode: refuse')}`;
    expect(await judge(both, named('dependency', 'web1', '', 'web/http shop/tcp'), '03:30')).toBe('right');
    expect(await judge(both, named('dependency', 'web1', '', 'web/http shop/tcp web1/icmp'), '03:30')).toBe('false');
    expect(await judge(both, named('host', 'web1'), '03:30')).toBe('false');
    const one = broken('service: web, mode: error');
    expect(await judge(one, named('dependency', 'web1', '', 'web/http'), '03:30')).toBe('right');
    expect(await judge(one, named('dependency', 'web1', '', 'web/http shop/tcp'), '03:30')).toBe('false');
    expect(await judge(one, named('dependency', 'db1', '', 'web/http'), '03:30')).toBe('false');
    // A part of the truth, unless the rest has only just begun.
    expect(await judge(both, named('dependency', 'web1', '', 'web/http'), '03:30')).toBe('near');
    const later = `${one}\n${broken('service: shop, mode: refuse', '03:29')}`;
    expect(await judge(later, named('dependency', 'web1', '', 'web/http'), '03:29:40')).toBe('right');
  });
  it('knows that a queue is long after it has been let go', async () => {
    const world = broken('mail: mail, mode: queue-stuck', '03:20', '04:20');
    expect(await judge(world, named('mail', 'mail'), '04:30')).toBe('right');
    expect(await judge(world, named('mail', 'mail'), '04:45')).toBe('false');
  });
  it('takes a fault that comes and goes, or hits some attempts only, for one that lasts', async () => {
    for (const course of ['flap: { period: 5m, down: 0.2 }', 'portion: 0.1'])
      expect(await judge(broken(`host: db1, ${course}`), named('service', 'db'), '03:33')).toBe('near');
  });
});
