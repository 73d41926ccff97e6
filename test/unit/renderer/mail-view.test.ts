import { beforeEach, describe, expect, it } from 'vitest';
import { find } from '../../../renderer/desk/find.ts';
import { summaryText } from '../../../renderer/desk/group-words.ts';
import { listedChecks, placeOfSubject, standingSince } from '../../../renderer/detail/subject-view.ts';
import type { Seen } from '../../../renderer/mail/mail-facts.ts';
import { certificateRows, listTable, postureRows, tripOthers, tripSteps } from '../../../renderer/mail/mail-tables.ts';
import { legsSaid, mailLines, shownMail, stackStanding } from '../../../renderer/mail/stack.ts';
import { flowPath, flows, places } from '../../../renderer/mail/stack-flows.ts';
import { type NodeKey, stackNodes } from '../../../renderer/mail/stack-nodes.ts';
import { countsOf, floatedTiles, reasonOf, recordsOf, speaker, standingsOf, tilesOf } from '../../../renderer/state/derive.ts';
import { pendingState } from '../../../shared/health/step.ts';
import { emptyTables, type LiveTables } from '../../../shared/live.ts';
import { legId, type MailLeg } from '../../../shared/mail/legs.ts';
import { stackSentence } from '../../../shared/mail/say-legs.ts';
import type { PlannedCheck, Subject } from '../../../shared/model/plan.ts';
import type { Level } from '../../../shared/model/words.ts';
import { DAY, MINUTE } from '../../../shared/time.ts';

const now = Date.UTC(2026, 10, 20, 12);
let tables: LiveTables;
beforeEach(() => {
  tables = emptyTables();
});

const subject = (id: string, more: Partial<Subject> = {}) => {
  tables.subjects[id] = { kind: 'mail', id, name: id, site: null, note: '', audience: id, dependsOn: [], hosts: [], ...more };
};
const check = (
  of: string,
  name: string,
  type: string,
  hard: Level | 'pending',
  more: { config?: object; text?: string; reason?: string; at?: number; value?: number } = {},
) => {
  const id = `${of}/${name}`;
  tables.plans[id] = {
    id,
    type,
    name,
    subject: { kind: 'mail', id: of },
    target: 'x',
    config: more.config ?? {},
  } as unknown as PlannedCheck;
  const verdict = hard === 'pending' ? null : { state: hard, reason: more.reason ?? 'x', text: more.text ?? `text of ${name}` };
  tables.checks[id] = {
    id,
    cover: null,
    value: more.value ?? null,
    spark: [],
    state: { ...pendingState(now), since: more.at ?? now, at: now, hard, verdict },
  };
};
/** A mail entry with the usual legs; `reading` is how its IMAP stands. */
const stack = (entry: string, reading: Level = 'ok') => {
  subject(entry, { name: `${entry}.example` });
  const leg = (name: MailLeg) => {
    subject(legId(entry, name), { name: `${name} of ${entry}`, leg: { entry, domain: `${entry}.example`, leg: name } });
    return legId(entry, name);
  };
  // The order of the inventory is not that of the legs.
  const reads = leg('reading');
  check(reads, 'imap', 'imap', reading, { reason: 'login-refused', text: 'log-in refused', at: now - 14 * MINUTE });
  check(reads, 'pop3', 'pop3', 'ok');
  const receives = leg('receiving');
  check(receives, 'mx1', 'smtp', 'ok');
  check(receives, 'mx2', 'smtp', 'ok', { config: { address: 'mx2.a.example' } });
  const delivers = leg('delivery');
  check(delivers, 'queue', 'queue', 'ok');
  check(delivers, 'roundtrip', 'roundtrip', 'ok');
};
const facts = (all: Record<string, object>): Seen =>
  Object.fromEntries(
    Object.entries(all).map(([id, it]) => [id, { at: now, facts: it as never, verdict: { state: 'ok', reason: 'ok', text: '' } }]),
  );

describe('the tiles of mail', () => {
  it('are one for each leg in the order of a message, then the checks of the entry itself; what has no check has none', () => {
    stack('a', 'down');
    subject(legId('a', 'webmail'), { leg: { entry: 'a', domain: 'a.example', leg: 'webmail' } });
    check('a', 'relay', 'tcp', 'ok');
    const tiles = tilesOf(tables).mail;
    expect(tiles.map((it) => [it.title, it.key, it.domain, it.checks.length])).toEqual([
      ['Receiving', 'a.receiving', null, 2],
      ['Delivery', 'a.delivery', null, 2],
      ['Reading', 'a.reading', null, 2],
      ['Relay', 'a/relay', null, 1],
    ]);
    expect(summaryText('mail', tiles, countsOf(tables, 'mail'))).toBe('3 legs · 1 check · 1 down');
    const reading = tiles[2];
    if (!reading) throw new Error('no tile');
    const speaks = speaker(recordsOf(tables, reading.checks), 'down');
    expect(reasonOf(reading, 'down', speaks, tables.plans[speaks?.id ?? ''])).toBe('IMAP: log-in refused');
  });

  it('name their domain where there are several', () => {
    stack('a');
    stack('b');
    expect(tilesOf(tables).mail.map((it) => it.domain)).toEqual([...Array(3).fill('a.example'), ...Array(3).fill('b.example')]);
    expect(floatedTiles(tables, 'mail')).toEqual([]);
  });

  it('are one for each domain where there are many, with the legs in trouble in front', () => {
    for (let index = 0; index < 200; index += 1) stack(`d${index}`, index === 70 ? 'degraded' : index === 150 ? 'down' : 'ok');
    const tiles = tilesOf(tables).mail;
    expect(tiles).toHaveLength(200);
    expect(floatedTiles(tables, 'mail').map((it) => [it.key, it.title, it.domain])).toEqual([
      ['d150.reading', 'Reading', 'd150.example'],
      ['d70.reading', 'Reading', 'd70.example'],
    ]);
    expect(standingsOf(tables).get('d150')).toBe('down');
    expect(standingsOf(tables).get('d150.receiving')).toBe('ok');
    expect(summaryText('mail', tiles, countsOf(tables, 'mail'))).toBe('200 domains · 1 down · 1 degraded');
    const tile = tiles[150];
    if (!tile) throw new Error('no tile');
    const speaks = speaker(recordsOf(tables, tile.checks), 'down');
    expect(reasonOf(tile, 'down', speaks, tables.plans[speaks?.id ?? ''])).toBe('Reading: IMAP: log-in refused');
    tables = { ...tables, checks: { ...tables.checks } };
    expect(tilesOf(tables).mail).toBe(tiles);
  });

  it('are looked up by the page of their domain, in Find and in the detail', () => {
    stack('a', 'down');
    expect(placeOfSubject(tables.subjects['a.reading'] as Subject)).toEqual({ kind: 'mail', id: 'a' });
    expect(listedChecks(tables, 'a')).toEqual([
      'a.receiving/mx1',
      'a.receiving/mx2',
      'a.delivery/queue',
      'a.delivery/roundtrip',
      'a.reading/imap',
      'a.reading/pop3',
    ]);
    expect(standingSince(recordsOf(tables, listedChecks(tables, 'a')), 'mail')).toEqual({ standing: 'down', since: now - 14 * MINUTE });
    const page = find(tables, 'a.example page').find((it) => it.place);
    expect(page).toMatchObject({ place: { kind: 'mail', id: 'a' }, kind: 'mail' });
    expect(page?.checks).toHaveLength(6);
  });
});

describe('the list of mail domains', () => {
  it('shows a few as they are, of many those in trouble and the chosen one first', () => {
    const lines = Array.from({ length: 200 }, (_, index) => ({
      id: `d${index}`,
      name: '',
      standing: index === 150 ? ('down' as const) : ('ok' as const),
    }));
    expect(shownMail(lines.slice(0, 10), null)).toEqual(lines.slice(0, 10));
    const shown = shownMail(lines, 'd99').map((it) => it.id);
    expect(shown.slice(0, 3)).toEqual(['d99', 'd150', 'd0']);
    expect(shown).toHaveLength(10);
    const storm = lines.map((it) => ({ ...it, standing: 'down' as const }));
    expect(shownMail(storm, null)).toHaveLength(30);
  });
  it('stands as the worst leg does, and waits for what has no result', () => {
    stack('a', 'down');
    subject('bare');
    expect(mailLines(tables).map((it) => [it.id, it.standing])).toEqual([
      ['a', 'down'],
      ['bare', 'pending'],
    ]);
    expect(stackStanding(tables, 'bare')).toBeNull();
    delete tables.checks['a.reading/imap'];
    expect(stackStanding(tables, 'a')).toBe('pending');
  });
});

describe('the legs for the sentence', () => {
  const said = () => stackSentence(legsSaid(tables, 'a'), now, 'America/Los_Angeles').text;
  it('say which half works', () => {
    stack('a', 'down');
    expect(said()).toBe('Receiving and delivery work, reading only in part: IMAP refuses the log-in since 03:46 PST');
    check('a.reading', 'pop3', 'pop3', 'down', { reason: 'login-refused', at: now - 13 * MINUTE });
    expect(said()).toBe('Receiving and delivery work, reading does not: IMAP and POP3 refuse the log-in since 03:46 PST');
  });
  it('do not take a short queue for delivery that works', () => {
    stack('a');
    check('a.delivery', 'roundtrip', 'roundtrip', 'down', { reason: 'stuck', text: 'not in the mailbox after 2 min' });
    expect(said()).toMatch(/^Receiving and reading work, delivery does not: .*not in the mailbox after 2 min/);
  });
  it('do not call working what has no result yet', () => {
    stack('a');
    delete tables.checks['a.reading/pop3'];
    expect(said()).toBe('Receiving and delivery work. No result yet of reading');
  });
});

describe('the boxes of the picture', () => {
  const node = (key: NodeKey, seen: Seen = {}) => stackNodes(tables, 'a', seen, now).find((it) => it.key === key);
  it('stand each for its own checks, with the figure that was measured', () => {
    stack('a', 'down');
    subject(legId('a', 'sending'), { leg: { entry: 'a', domain: 'a.example', leg: 'sending' } });
    check('a.sending', 'submission', 'smtp', 'ok');
    check('a.sending', 'blocklists', 'blocklist', 'degraded');
    const seen = facts({
      'a.receiving/mx1': { greetingMs: 41 },
      'a.receiving/mx2': { greetingMs: 12 },
      'a.sending/submission': { greetingMs: 3, loginMs: 80 },
      'a.delivery/queue': { total: 20, hold: 2, oldestAt: now - 40_000 },
      'a.delivery/roundtrip': { foundMs: 2_100 },
      'a.reading/pop3': { loginMs: 7 },
      'a.sending/blocklists': {
        answers: [
          { list: 'l1', about: '192.0.2.25', listed: true },
          { list: 'l2', about: '192.0.2.25', listed: null },
          { list: 'l3', about: '192.0.2.25', listed: false },
        ],
      },
    });
    const told = (key: NodeKey) => [node(key, seen)?.standing, node(key, seen)?.figure];
    expect(told('mx')).toEqual(['ok', '2 of 2, greeting 41 ms']);
    expect(told('submission')).toEqual(['ok', 'log-in 80 ms']);
    expect(told('queue')).toEqual(['ok', '18 waiting, oldest 40 s, 2 on hold']);
    expect(told('mailbox')).toEqual(['ok', 'arrives after 2.1 s']);
    expect(told('imap')).toEqual(['down', '']);
    expect(told('pop3')).toEqual(['ok', 'log-in 7 ms']);
    expect(told('outside')).toEqual(['degraded', 'listed on 1 of 2']);
    expect(node('imap')).toMatchObject({ subject: 'a.reading', check: 'a.reading/imap', since: now - 14 * MINUTE, text: 'log-in refused' });
  });
  it('say so where nothing is checked', () => {
    stack('a');
    expect(node('webmail')).toMatchObject({ standing: null, check: null });
    expect(node('outside')).toMatchObject({ standing: null });
  });
  it('survive facts of another version', () => {
    stack('a');
    expect(node('queue', facts({ 'a.delivery/queue': { total: 'many' } }))?.figure).toBe('');
    expect(node('mx', facts({ 'a.receiving/mx1': { greetingMs: 'x', loginMs: 3 } }))?.figure).toBe('');
  });
  it('are joined by lines from one to the next', () => {
    for (const [from, to] of flows) {
      const path = flowPath(from, to, { width: 1_000, height: 300 }, 7);
      const [x1, x2] = [Number(/^M([\d.]+)/.exec(path)?.[1]), Number(/([\d.]+)(?: [\d.]+)?$/.exec(path.replace(/(H[\d.]+)$/, '$1'))?.[1])];
      expect(places[from], from).toBeDefined();
      expect(x2, path).toBeGreaterThan(x1);
    }
  });
});

describe('the tables', () => {
  it('tell the posture line by line, and when each changed', () => {
    subject('a.records');
    check('a.records', 'posture', 'posture', 'degraded');
    const plans = [tables.plans['a.records/posture'] as PlannedCheck];
    const aspect = (kind: string, state: Level, reason: string, value?: string) => ({
      aspect: kind,
      about: 'a.example',
      state,
      reason,
      text: `${kind} text`,
      value,
    });
    const seen = facts({
      'a.records/posture': {
        aspects: [
          aspect('spf', 'degraded', 'x', 'v=spf1 <b>'),
          aspect('dane', 'ok', 'not-there', ''),
          aspect('dmarc', 'unknown', 'not-asked'),
        ],
      },
    });
    const drift = [
      { id: '1', at: 7, code: 'spf-changed', text: 'SPF of a.example changed: x -> y' },
      { id: '0', at: 3, code: 'spf-changed', text: 'SPF of a.example changed: z -> x' },
    ];
    expect(postureRows(plans, seen, drift)?.map((it) => [it.aspect, it.state, it.word, it.value, it.changedAt])).toEqual([
      ['SPF', 'degraded', 'degraded', 'v=spf1 <b>', 7],
      ['DANE', 'ok', 'not there', '', null],
      ['DMARC', 'unknown', 'not known', '', null],
    ]);
    expect(postureRows(plans, {}, [])).toBeNull();
  });

  it('hold addresses against lists; a list that says nothing clears nobody', () => {
    subject('a.sending');
    check('a.sending', 'blocklists', 'blocklist', 'ok');
    const plans = [tables.plans['a.sending/blocklists'] as PlannedCheck];
    const answer = (list: string, about: string, listed: boolean | null, more: object = {}) => ({ list, about, listed, ...more });
    const table = listTable(
      plans,
      facts({
        'a.sending/blocklists': {
          answers: [
            answer('l1', '192.0.2.1', true, { code: '127.0.0.4', text: 'spam seen' }),
            answer('l2', '192.0.2.1', null, { why: 'blocked-resolver' }),
            answer('l1', '192.0.2.2', false),
          ],
        },
      }),
    );
    expect(table).toEqual({
      lists: ['l1', 'l2'],
      rows: [
        {
          about: '192.0.2.1',
          cells: [
            { state: 'down', word: 'listed', text: '127.0.0.4: spam seen' },
            { state: 'unknown', word: 'not known', text: 'does not answer this resolver' },
          ],
        },
        { about: '192.0.2.2', cells: [{ state: 'ok', word: 'not listed', text: '' }, null] },
      ],
    });
    expect(listTable(plans, {})).toBeNull();
  });

  const certificate = (fingerprint256: string, days: number, more: object = {}) => ({
    subject: 'mail.a.example',
    issuer: 'An authority',
    altNames: ['mail.a.example'],
    validFrom: 0,
    validTo: now + days * DAY,
    fingerprint256,
    selfSigned: false,
    nameFits: true,
    trusted: true,
    authorizationCode: null,
    chain: [],
    ...more,
  });
  it('name every certificate once, the first to run out on top', () => {
    stack('a');
    const ids = listedChecks(tables, 'a');
    const seen = facts({
      'a.receiving/mx1': { certificate: certificate('1', 62) },
      'a.reading/imap': { certificate: certificate('1', 62) },
      'a.reading/pop3': { certificate: certificate('2', 9) },
      'a.receiving/mx2': { certificate: certificate('3', -3, { nameFits: false, altNames: ['other.example'] }) },
    });
    expect(certificateRows(tables, ids, seen, now).map((it) => [it.state, it.left, it.usedBy, it.problem])).toEqual([
      ['down', 'expired 3 d ago', 'Receiving: Mx2', 'is for other.example, not for mx2.a.example'],
      ['degraded', '9 days', 'Reading: POP3', ''],
      ['ok', '62 days', 'Receiving: Mx1; Reading: IMAP', ''],
    ]);
    const any = { ...tables.plans['a.receiving/mx2'], config: { certificate: 'any' } } as unknown as PlannedCheck;
    tables.plans['a.receiving/mx2'] = any;
    expect(
      certificateRows(
        tables,
        ['a.receiving/mx2'],
        facts({ 'a.receiving/mx2': { certificate: certificate('3', 30, { nameFits: false }) } }),
        now,
      )[0],
    ).toMatchObject({ state: 'ok', problem: '' });
  });

  it('tell a round trip step by step, and no time where the clocks differ', () => {
    const hops = [
      { by: 'mail.a.example', from: 'desk', seconds: 3 },
      { by: 'mx.a.example', seconds: -4 },
      { by: 'store', seconds: null },
      { by: 'box', seconds: 0 },
    ];
    expect(tripSteps({ submitMs: 300, queueId: '4XyZ', acceptedBy: 'mail.a.example', foundMs: 2_100, hops })).toEqual([
      { took: '300 ms', text: 'handed in, accepted as 4XyZ by mail.a.example' },
      { took: '3 s', text: 'until mail.a.example had it from desk' },
      { took: '', text: 'until mx.a.example had it (the clocks of the two differ)' },
      { took: '', text: 'until store had it' },
      { took: 'under 1 s', text: 'until box had it' },
      { took: '2.1 s', text: 'from acceptance until it was found in the mailbox' },
    ]);
    expect(tripSteps({ stage: 'accepted', submitMs: 300, waitedMs: 120_000 }).at(-1)).toEqual({
      took: '2 min',
      text: 'looked for in the mailbox, and not there',
    });
    expect(tripSteps({ stage: 'submit' })).toEqual([]);
  });
  it('tell of earlier messages that came late or not at all', () =>
    expect(
      tripOthers({ missing: [{ acceptedAt: now, queueId: '4A' }], late: [{ acceptedAt: now - DAY, tookMs: 14 * MINUTE }] }, 'UTC'),
    ).toEqual(['The one of 2026-11-20 12:00:00 UTC (4A) has not come.', 'The one of 2026-11-19 12:00:00 UTC came after 14 min.']));
});
