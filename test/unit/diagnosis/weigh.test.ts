import { describe, expect, test } from 'vitest';
import type { DiagnosisInput, WayEnd } from '../../../shared/diagnosis/types.ts';
import { type Ranking, weigh } from '../../../shared/diagnosis/weigh.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import {
  type Fault,
  firstAt,
  gone,
  inputOf,
  lossy,
  type Outcome,
  outcomesOf,
  planFor,
  provider,
  wrong,
} from '../../support/diagnosis-world.ts';

const plan = planFor(provider);
const refused: Outcome = { symptom: 'wrong', reason: 'refused' };
const stalled: Outcome = { symptom: 'gone', reason: 'no-greeting' };
const unsteady: Outcome = { symptom: null, reason: null };

/** What is seen: of some faults at once, with changes; `undefined` = not looked since. Keys are beginnings of check ids. */
function seen(faults: readonly Fault[], changes: Record<string, Outcome | undefined> = {}, of: Plan = plan): Map<string, Outcome> {
  const all = new Map<string, Outcome>();
  const views =
    faults.length > 0 ? faults.map((fault) => outcomesOf(provider, of, fault)) : [outcomesOf(provider, of, { kind: 'check', id: 'none' })];
  for (const view of views) for (const [id, outcome] of view) all.set(id, all.get(id) ?? outcome);
  for (const [start, outcome] of Object.entries(changes))
    for (const { id } of of.checks)
      if (id.startsWith(start)) {
        if (outcome === undefined) all.delete(id);
        else all.set(id, outcome);
      }
  return all;
}

const named = (ranking: Ranking | null): string => {
  const cause = ranking?.ranked[0]?.cause;
  return cause ? [cause.kind, cause.culprits.join('|'), ...cause.prefixes].join(' ') : 'nothing';
};
const told = (ranking: Ranking | null): string => `${named(ranking)}: ${ranking?.confidence}${ranking?.doubt ? ` (${ranking.doubt})` : ''}`;
const dropsThree: Fault = { kind: 'link-prefixes', id: 'bluefin', prefixes: ['a', 'b', 'c'] };
const nobody = Object.fromEntries(plan.checks.map(({ id }) => [id, undefined]));
const intoBluefin: WayEnd = { subject: 'a', link: 'bluefin' };
const intoMeridian: WayEnd = { subject: 'b', link: 'meridian' };

describe('one thing is broken', () => {
  test.each<[what: string, seen: Map<string, Outcome>, ways: WayEnd[], wanted: string]>([
    ['a circuit of two: only its far end is gone', seen([{ kind: 'link', id: 'meridian' }]), [], 'link meridian: sure'],
    ['a circuit, and what has no other', seen([{ kind: 'link', id: 'bluefin' }]), [], 'link bluefin: sure'],
    [
      'a circuit that is down and still announced takes all its ranges along',
      seen([{ kind: 'link-prefixes', id: 'bluefin', prefixes: ['a', 'b', 'c', 'd', 'e'] }], { 'bluefin/': gone }),
      [],
      'link bluefin: likely (near)',
    ],
    ['three ranges, and two circuits carry them', seen([dropsThree]), [], 'link-prefixes bluefin|meridian a b c: likely (which)'],
    ['a way ends in the network of one', seen([dropsThree]), [intoBluefin], 'link-prefixes bluefin a b c: sure'],
    [
      'ways end in both: they say nothing',
      seen([dropsThree]),
      [intoBluefin, intoMeridian],
      'link-prefixes bluefin|meridian a b c: likely (which)',
    ],
    [
      'a way that ends nowhere known says nothing',
      seen([dropsThree]),
      [{ subject: 'a', link: null }],
      'link-prefixes bluefin|meridian a b c: likely (which)',
    ],
    ['one range is its own fault', seen([{ kind: 'prefix', id: 'c' }]), [], 'prefix c: likely (near)'],
    [
      'one range, and its way ends at a circuit',
      seen([{ kind: 'prefix', id: 'a' }]),
      [intoBluefin],
      'link-prefixes bluefin a: likely (near)',
    ],
    [
      'a range with nothing but a machine in it that says so',
      seen([], { 'web2/': gone, 'shops/': gone, 'c/': undefined }),
      [],
      'host web2: likely (near)',
    ],
    ['packets get lost on a circuit', seen([{ kind: 'link-loss', id: 'bluefin' }]), [], 'link-loss bluefin: sure'],
    [
      'packets get lost on the way to one machine only',
      seen([], { 'web1/icmp': lossy, 'web1/ssh': lossy, 'web/http': lossy }),
      [],
      'host web1: likely (near)',
    ],
    ['nothing at a site answers', seen([{ kind: 'site', id: 'norfolk' }]), [], 'site norfolk: sure'],
    ['a site with one circuit: the one or the other', seen([{ kind: 'site', id: 'leeds' }]), [], 'site leeds: likely (near)'],
    ['a machine', seen([{ kind: 'host', id: 'web1' }]), [], 'host web1: sure'],
    [
      'a machine that refuses everything but pings',
      seen([], { 'web1/ssh': refused, 'web/': refused }),
      [],
      'host-hangs web1: unsure (near)',
    ],
    [
      'a machine that takes connections and says nothing',
      seen([], { 'web1/ssh': stalled, 'web/': stalled }),
      [],
      'host-hangs web1: likely (near)',
    ],
    ['a program that is refused', seen([], { 'web/': refused }), [], 'service web: sure'],
    ['a program that tells nonsense', seen([], { 'shops/': wrong }), [], 'service shops: sure'],
    ['two programs on two machines, of what both need', seen([{ kind: 'service', id: 'db' }]), [], 'dependency db: sure'],
    [
      'the same, and nobody watches that',
      seen([{ kind: 'service', id: 'db' }], { 'db/': undefined }),
      [],
      'dependency db: likely (unseen)',
    ],
    ['mail cannot be read', seen([{ kind: 'leg', id: 'mail.reading' }]), [], 'leg mail.reading: sure'],
    ['IMAP alone of what reads mail', seen([], { 'mail.reading/imap': refused }), [], 'leg mail.reading: sure'],
    ['nobody can log in to mail', seen([{ kind: 'mail', id: 'mail' }]), [], 'mail mail: sure'],
    ['one name server of two', seen([{ kind: 'name-server', id: '192.0.2.3' }]), [], 'name-server 192.0.2.3: sure'],
    ['one question of one name server', seen([], { 'dns/a-ns1': wrong }), [], 'check dns/a-ns1: likely (near)'],
    ['one check of a machine that answers otherwise', seen([], { 'web1/ssh': refused }), [], 'check web1/ssh: sure'],
    ['this computer', seen([{ kind: 'desk' }]), [], 'desk desk: sure'],
    ['what comes and goes', seen([], { 'web1/': unsteady, 'web/': unsteady }), [], 'host web1: sure'],
  ])('%s', (_what, outcomes, ways, wanted) => {
    const ranking = weigh(inputOf(plan, outcomes, { ways }));
    expect(told(ranking), JSON.stringify(ranking?.ranked.slice(0, 3), null, 1)).toBe(wanted);
  });
});

describe('not all is known', () => {
  test.each<[what: string, seen: Map<string, Outcome>, wanted: string]>([
    ['one check alone speaks', seen([], { ...nobody, 'web1/icmp': gone }), 'host web1: unsure (few)'],
    [
      'two ranges have not been looked at',
      seen([dropsThree], { 'c/': undefined, 'web2/': undefined, 'shops/': undefined, 'd/': undefined, mail: undefined }),
      'link-prefixes bluefin|meridian a b: likely (which)',
    ],
    ['of a machine only a program has looked', seen([{ kind: 'host', id: 'web1' }], { 'web1/': undefined }), 'service web: likely (near)'],
    [
      'other legs have not looked since log-in is refused',
      seen([{ kind: 'mail', id: 'mail' }], { 'mail.sending/': undefined, 'mail.filters/': undefined }),
      'leg mail.reading: likely (near)',
    ],
    ['nothing is seen of the alert itself', seen([], nobody), 'nothing'],
  ])('%s', (_what, outcomes, wanted) => {
    const ranking = weigh(inputOf(plan, outcomes));
    expect(ranking ? told(ranking) : 'nothing', JSON.stringify(ranking?.ranked.slice(0, 3), null, 1)).toBe(wanted);
  });
});

describe('what speaks against it', () => {
  test('what should fail with it and passes is named, and it is no longer sure', () => {
    const ranking = weigh(inputOf(plan, seen([{ kind: 'site', id: 'norfolk' }], { 'ns1/icmp': null })));
    expect(told(ranking)).toBe('site norfolk: likely (contradicted)');
    expect(ranking?.ranked[0]?.contradicts).toEqual(['ns1/icmp']);
  });
  test('a machine is not down whose pings come back', () => {
    expect(named(weigh(inputOf(plan, seen([{ kind: 'host', id: 'web1' }], { 'web1/icmp': null }))))).toBe('host-hangs web1');
  });
  test('a line is not dead behind which something says no', () => {
    const ranking = weigh(inputOf(plan, seen([{ kind: 'prefix', id: 'west' }], { 'leeds-web/': wrong })));
    expect(named(ranking)).toBe('prefix west');
    expect(ranking?.ranked[0]?.unexplained).toEqual(['leeds-web/http-3', 'leeds-web/http-4']);
    expect(ranking?.doubt).toBe('rest');
  });
  test('an agent at the site sees that all is well there', () => {
    const inside = { ...plan, checks: plan.checks.map((it) => (it.id === 'web3/icmp' ? { ...it, vantage: 'leeds' } : it)) };
    const outcomes = seen([{ kind: 'link', id: 'delta' }], { 'web3/icmp': null }, inside);
    const ranking = weigh(inputOf(inside, outcomes));
    expect(ranking?.ranked.flatMap((it) => it.contradicts)).toEqual([]);
  });
});

describe('programs on one machine', () => {
  const crowded = planFor({
    sites: [{ id: 'yuma' }],
    hosts: [
      { id: 'box', site: 'yuma', address: '192.0.2.40', checks: [{ type: 'icmp' }] },
      { id: 'ns1', site: 'yuma', address: '192.0.2.53', checks: [{ type: 'icmp' }] },
    ],
    services: [
      ['web', ['garden', 'chess']],
      ['panel', ['login']],
      ['lists', ['page']],
    ].map(([id, names]) => ({
      id: String(id),
      name: String(id),
      hosts: ['box'],
      checks: [...(names ?? [])].map((name, index) => ({
        type: 'http',
        name,
        url: `https://${id}.example.net:${8000 + index}/`,
        address: '192.0.2.40',
      })),
    })),
  });
  const view = (changes: Record<string, Outcome | undefined>): Map<string, Outcome> =>
    new Map(crowded.checks.map(({ id }) => [id, Object.entries(changes).find(([start]) => id.startsWith(start))?.[1] ?? null]));
  const all = { web: wrong, panel: wrong, lists: refused };
  /** Others began so much later than the alert, ms. */
  const after = (input: DiagnosisInput, ms: number): DiagnosisInput => ({
    ...input,
    signs: new Map(
      [...input.signs].map(([id, it]) => [
        id,
        it.word === 'fails' && !input.alert.checks.includes(id) ? { ...it, since: firstAt + ms } : it,
      ]),
    ),
  });
  const own = (outcomes: ReadonlyMap<string, Outcome>, subject: string) => ({
    checks: [...outcomes].flatMap(([id, outcome]) => (outcome && id.startsWith(`${subject}/`) ? [id] : [])),
  });

  test.each(['web', 'panel', 'lists'])('all fail at once, each in its own way: the machine has something (%s)', (subject) => {
    const outcomes = view(all);
    expect(told(weigh(inputOf(crowded, outcomes, own(outcomes, subject))))).toBe('dependency box: likely (near)');
  });
  test('what fails half an hour later counts less', () => {
    const outcomes = view({ web: wrong, panel: wrong });
    const input = inputOf(crowded, outcomes, own(outcomes, 'web'));
    const shareOf = (it: DiagnosisInput): number => weigh(it)?.ranked.find(({ cause }) => cause.kind === 'dependency')?.share ?? 0;
    expect(shareOf(input)).toBeGreaterThan(shareOf(after(input, 30 * 60_000)));
  });
  test('one alone is its own fault', () => {
    const outcomes = view({ panel: wrong });
    expect(told(weigh(inputOf(crowded, outcomes, own(outcomes, 'panel'))))).toBe('service panel: sure');
  });
  test.each<[what: string, ping: Outcome, web: Outcome, wanted: string]>([
    ['starts over and over', gone, refused, 'host box: likely (near)'],
    ['is down', gone, gone, 'host box: sure'],
    ['answers, and on which nothing does', null, gone, 'host-hangs box: likely (near)'],
    ['answers, and on which what does not hang has stopped', null, refused, 'dependency box: likely (near)'],
  ])('a machine that %s', (_what, ping, web, wanted) => {
    const outcomes = view({ box: ping, panel: gone, lists: gone, web });
    expect(told(weigh(inputOf(crowded, outcomes)))).toBe(wanted);
  });
});

describe('name servers', () => {
  const named2 = planFor({
    hosts: ['192.0.2.53', '198.51.100.53'].map((address, n) => ({ id: `ns${n + 1}`, address, checks: [{ type: 'icmp' }] })),
    services: [
      {
        id: 'dns',
        name: 'DNS',
        hosts: ['ns1', 'ns2'],
        checks: [
          { type: 'zone', zone: 'example.net', servers: ['192.0.2.53', '198.51.100.53'] },
          { type: 'dns', name: 'a-ns1', query: 'www.example.net', server: '192.0.2.53' },
          { type: 'dns', name: 'a-ns2', query: 'www.example.net', server: '198.51.100.53' },
        ],
      },
    ],
  });
  const behind: Outcome = { symptom: 'wrong', reason: 'serial-behind' };
  const ns2 = { ...behind, server: '198.51.100.53' };
  const old: Outcome = { symptom: 'wrong', reason: 'unexpected-answer' };
  test.each<[what: string, changes: Record<string, Outcome>, wanted: string]>([
    ['a zone that is old at one, which answers well otherwise', { 'dns/zone': ns2 }, 'name-server 198.51.100.53: likely (near)'],
    ['what it answers is old, too', { 'dns/zone': ns2, 'dns/a-ns2': old }, 'name-server 198.51.100.53: likely (near)'],
    ['a zone that does not say where', { 'dns/zone': behind }, 'check dns/zone: sure'],
    ['one asked, and the zone does not say where', { 'dns/zone': behind, 'dns/a-ns2': old }, 'name-server 198.51.100.53: likely (near)'],
    [
      'its machine',
      { 'dns/zone': { ...ns2, symptom: 'gone', reason: 'no-answer' }, 'dns/a-ns2': gone, 'ns2/icmp': gone },
      'host ns2: sure',
    ],
  ])('%s', (_what, changes, wanted) => {
    const outcomes = new Map<string, Outcome>(named2.checks.map(({ id }) => [id, changes[id] ?? null]));
    const ranking = weigh(inputOf(named2, outcomes));
    expect(told(ranking), JSON.stringify(ranking?.ranked.slice(0, 3), null, 1)).toBe(wanted);
  });
});

describe('several things', () => {
  const both = seen([
    { kind: 'host', id: 'web1' },
    { kind: 'service', id: 'leeds-web' },
  ]);
  test('of two at once the one that explains more; the rest is told', () => {
    const ranking = weigh(inputOf(plan, both));
    expect(told(ranking)).toBe('host web1: likely (rest)');
    expect(ranking?.ranked[0]?.unexplained).toEqual(['leeds-web/http-3', 'leeds-web/http-4']);
  });
  test('each alert is about its own', () => {
    const checks = ['leeds-web/http-3', 'leeds-web/http-4'];
    const ranking = weigh(inputOf(plan, both, { checks }));
    expect(told(ranking)).toBe('service leeds-web: sure');
    expect(ranking?.failing).toEqual(checks);
  });
  test('what explains two alerts counts for both', () => {
    const ranking = weigh(inputOf(plan, seen([dropsThree]), { checks: ['a/icmp-192.0.2.1', 'ns1/icmp', 'dns/a-ns1', 'dns/mx-ns1'] }));
    expect(named(ranking)).toBe('link-prefixes bluefin|meridian a b c');
    expect(ranking?.ranked[0]?.explains).toContain('b/icmp-192.0.2.33');
  });
  test('what failed long before is another story', () => {
    const input = inputOf(plan, seen([dropsThree]), { checks: ['a/icmp-192.0.2.1', 'ns1/icmp', 'dns/a-ns1', 'dns/mx-ns1'] });
    const own = new Set(input.alert.checks);
    const signs = new Map(
      [...input.signs].map(([id, it]) => [id, it.word === 'fails' && !own.has(id) ? { ...it, since: firstAt - 600_000 } : it]),
    );
    const earlier: DiagnosisInput = { ...input, signs };
    expect(named(weigh(earlier))).toBe('prefix a');
  });
  test('half of it is back: what is left is named', () => {
    const left: Fault = { kind: 'link-prefixes', id: 'bluefin', prefixes: ['b', 'c'] };
    expect(named(weigh(inputOf(plan, seen([left]), { ways: [intoBluefin, { subject: 'b', link: 'bluefin' }] })))).toBe(
      'link-prefixes bluefin b c',
    );
  });
  test('nothing of it fails any more', () => {
    expect(weigh(inputOf(plan, seen([{ kind: 'service', id: 'web' }]), { checks: ['shops/http'] }))).toBeNull();
  });
});

test('shared by no more than what the inventory says: an empty one explains with the check alone', () => {
  const alone = planFor({ hosts: [{ id: 'x', checks: [{ type: 'icmp', address: '192.0.2.1' }] }] });
  expect(told(weigh(inputOf(alone, new Map([['x/icmp', gone]]))))).toBe('host x: unsure (few)');
});
