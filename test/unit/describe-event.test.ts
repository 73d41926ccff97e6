import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeEvent, namesOf } from '../../shared/model/describe-event.ts';
import { type EventKind, eventKinds, eventSchema, type NightEvent, payloadSchemas } from '../../shared/model/event.ts';
import { check, thing, verdict } from '../support/story.ts';

const web1 = thing('host', 'web1');
const http = check(web1, 'http');
const desk = thing('desk', 'desk', { name: 'This desk' });
const names = namesOf([web1, desk], [http, check(desk, 'icmp', 'gateway'), check(desk, 'dns', 'resolver')]);
const refused = verdict('down', 'refused', 'connection refused');

type PayloadOf<K extends EventKind> = Extract<NightEvent, { kind: K }>['payload'];
/** One of each kind; the compiler names the kind that is forgotten. */
const samples: { [K in EventKind]: [PayloadOf<K>, string] } = {
  'engine-started': [{ version: '0.1.0', checks: 12 }, 'Started · Nightdesk 0.1.0 watches 12 checks · info'],
  'engine-stopped': [{}, 'Stopped · Nightdesk was ended; nothing is watched until it starts again · info'],
  'engine-crashed': [{ exit: 'signal 9' }, 'Crashed · The watching process ended by itself (signal 9) and was started again · unknown'],
  gap: [
    { from: 0, to: 840_000, cause: 'asleep-or-frozen' },
    'Gap · Nothing was watched for 14 min: the computer slept or stood still · stale',
  ],
  'inventory-loaded': [
    { file: 'inventory.yaml', checks: 12, subjects: 4 },
    'Inventory · inventory.yaml is in force: 12 checks of 4 things · info',
  ],
  'inventory-rejected': [
    {
      file: 'inventory.yaml',
      problems: [
        { line: 3, column: 5, where: 'hosts.0.id', expected: 'an id' },
        { line: 9, column: 1, where: '', expected: 'x' },
      ],
    },
    'Inventory refused · inventory.yaml, line 3, column 5, hosts.0.id: expected an id and 1 more problem. What was in force before stays so · degraded',
  ],
  'inventory-changed': [{ what: 'web2 was added' }, 'Inventory · web2 was added · human'],
  soft: [
    { check: http.id, level: 'down', attempt: 1, of: 3, verdict: refused },
    'Soft · HTTP on web1: connection refused (attempt 1 of 3) · down',
  ],
  'retry-ok': [
    { check: http.id, attempts: 2, verdict: verdict('ok', 'ok', 'answers in 3 ms') },
    'Retry succeeded · HTTP on web1: answers in 3 ms, after 2 bad results · ok',
  ],
  hard: [{ check: http.id, from: 'ok', to: 'down', firstAt: 0, verdict: refused }, 'Down · HTTP on web1: connection refused · down'],
  stale: [{ check: 'gone/tcp', lastAt: 60_000 }, 'No fresh data · gone/tcp: results stopped coming 1 min before · stale'],
  fresh: [{ check: http.id, goneMs: 120_000 }, 'Data again · HTTP on web1: results come again after 2 min · info'],
  observed: [{ check: http.id, code: 'reboot', text: 'started again, up 12 s' }, 'Reboot · web1: started again, up 12 s · info'],
  traced: [
    {
      alert: 'A',
      check: http.id,
      target: '203.0.113.9',
      text: 'dies inside Cox, after 198.51.100.1 (hop 4 of 9)',
      hops: [{ at: 4, address: '198.51.100.1', name: 'Cox', lossPercent: 0, ms: 12.5 }],
      good: false,
    },
    'Way broken · web1: the way to 203.0.113.9 dies inside Cox, after 198.51.100.1 (hop 4 of 9) · info',
  ],
  'flapping-started': [
    { check: http.id, percent: 24.6 },
    'Flapping · HTTP on web1 comes and goes: 25 % of its last results changed its state · degraded',
  ],
  'flapping-stopped': [{ check: http.id, percent: 4.9 }, 'Steady again · HTTP on web1 no longer comes and goes · info'],
  'desk-cut-off': [
    { since: 100_000, anchors: ['desk/gateway', 'desk/resolver'] },
    'Desk offline · This desk lost its own connection (gateway of this desk and resolver of this desk). Nothing is known of what lies beyond it · stale',
  ],
  'desk-connected': [{ from: 0, to: 1_200_000 }, 'Desk online · This desk is connected again after 20 min · info'],
  'alert-raised': [
    { alert: 'A', title: 'web1 is down', severity: 'down', checks: [http.id], consequences: 0 },
    'Alert raised · web1 is down (1 check down) · down',
  ],
  'alert-updated': [
    { alert: 'A', title: 'web1 is down', severity: 'down', joined: [http.id], left: ['web1/icmp'], consequences: { now: 0, before: 0 } },
    'Alert grew · web1 is down: HTTP on web1 joined; web1/icmp is out of it · down',
  ],
  diagnosed: [
    {
      alert: 'A',
      explanation: {
        kind: 'host',
        culprits: ['web1'],
        prefixes: [],
        sentence: 'web1 is down',
        share: 0.9,
        explains: ['web1/icmp'],
        contradicts: [],
      },
      confidence: 'unsure',
      works: 'db1 is fine',
      since: 0,
    },
    'Diagnosis · perhaps: web1 is down; db1 is fine · info',
  ],
  'alert-merged': [
    { alert: 'A', title: 'web1 is down', into: 'B', intoTitle: 'Cox fails' },
    'Cause found · web1 is down: goes on as part of “Cox fails” · info',
  ],
  'alert-recovered': [{ alert: 'A', title: 'web1 is down', lastedMs: 840_000 }, 'Alert over · web1 is down: recovered after 14 min · ok'],
  'alert-closed': [
    { alert: 'A', title: 'web1 is down', why: 'it is no longer in the inventory' },
    'Alert closed · web1 is down: it is no longer in the inventory · info',
  ],
  acknowledged: [
    { alert: 'A', title: 'web1 is down', comment: 'on it', sticky: false, until: null, from: null },
    'Acknowledged · web1 is down: “on it” · human',
  ],
  released: [{ alert: 'A', title: 'web1 is down', comment: 'shift over' }, 'Given back · web1 is down: “shift over” · human'],
  'acknowledgement-cleared': [
    { alert: 'A', title: 'web1 is down', why: 'SSH joined' },
    'Open again · web1 is down: nobody has it any more, as SSH joined · info',
  ],
  silenced: [
    { silence: 'S', subjects: ['web1', 'web9'], until: 3_720_000, reason: 'known, part ordered' },
    'Silenced · web1 and web9, for 1 h: “known, part ordered” · human',
  ],
  'silence-ended': [{ silence: 'S', subjects: ['web1'], why: 'time' }, 'Silence over · web1: its time ran out · info'],
  escalated: [
    { alert: 'A', title: 'web1 is down', step: 1, to: ['lee'], openMs: 900_000 },
    'Escalated · web1 is down: nobody has had it for 15 min, so lee is told (step 1) · info',
  ],
  notified: [
    { channel: 'pager', to: 'kim', message: 'problem', title: 'web1 is down', alerts: ['A'] },
    'Told · kim over pager: web1 is down · info',
  ],
  'notify-failed': [
    { channel: 'chat', title: 'web1 is down', attempt: 1, code: 'timeout', text: 'no answer within 10 s.', retryAt: 150_000 },
    'Not told · chat did not take “web1 is down”: no answer within 10 s. It is tried again in 30 s · degraded',
  ],
  'notify-recovered': [{ channel: 'chat', failedMs: 600_000 }, 'Channel works again · chat takes messages again after 10 min · info'],
  'rota-hole': [
    { rota: 'night', name: 'Night shift', instead: ['ops-mail'] },
    'Nobody on call · Night shift has nobody on call now, so ops-mail is told · degraded',
  ],
  'maintenance-planned': [
    { window: 'w', name: 'Replace the switch', when: 'Friday 22:00 to 23:00 PST', affects: ['web1'], spares: ['web9'] },
    'Planned work · Replace the switch, Friday 22:00 to 23:00 PST; affects web1; keeps working: web9 · human',
  ],
  'maintenance-changed': [
    { window: 'w', name: 'Replace the switch', what: 'begins 1 h later', reason: 'part is late' },
    'Planned work changed · Replace the switch: begins 1 h later, “part is late” · human',
  ],
  'maintenance-started': [
    { window: 'w', name: 'Replace the switch', to: 1_920_000, affects: ['web1'] },
    'Work begins · Replace the switch, for 30 min; may be down meanwhile: web1 · maintenance',
  ],
  'maintenance-ended': [
    { window: 'w', name: 'Replace the switch', how: 'finished', lastedMs: 1_800_000 },
    'Work finished · Replace the switch, after 30 min · maintenance',
  ],
  'maintenance-overrun': [
    { window: 'w', name: 'Replace the switch', subjects: ['web1', 'web9'] },
    'Work overruns · Replace the switch: its time is over and web1 and web9 are not back · degraded',
  ],
  change: [{ text: 'security patches' }, 'Change · web1: security patches · human'],
  note: [{ text: 'called the datacenter' }, 'Note · web1: called the datacenter · human'],
  'incident-opened': [
    { incident: 'I', title: 'Mail cannot be read', severity: 'major', alerts: ['A'], afterwards: false },
    'Incident · Mail cannot be read (major) · human',
  ],
  'incident-changed': [
    { incident: 'I', title: 'Mail cannot be read', what: 'Ada leads', reason: '' },
    'Incident · Mail cannot be read: Ada leads · human',
  ],
  'incident-status': [
    { incident: 'I', title: 'Mail cannot be read', from: 'investigating', to: 'identified', reason: 'auth is broken' },
    'Incident identified · Mail cannot be read, “auth is broken” · human',
  ],
  'incident-joined': [
    { incident: 'I', title: 'Mail cannot be read', alerts: ['B'], titles: ['web1 is down'] },
    'Incident · Mail cannot be read: joined by web1 is down · human',
  ],
  'incident-left': [
    { incident: 'I', title: 'Mail cannot be read', alerts: ['B'], titles: ['web1 is down'] },
    'Incident · Mail cannot be read: web1 is down taken out · human',
  ],
  'incident-merged': [
    { incident: 'I', title: 'Mail cannot be read', into: 'J', intoTitle: 'Mail is down' },
    'Incident · Mail cannot be read goes on as part of “Mail is down” · human',
  ],
  logged: [
    {
      incident: 'I',
      entry: {
        type: 'contact',
        with: 'Cox',
        person: 'Kim',
        tier: 'tier 1',
        channel: 'phone',
        direction: 'in',
        ticket: null,
        text: 'routing',
        waiting: false,
      },
      enteredAt: 1,
    },
    'Call · web1: Kim of Cox (tier 1) calls: routing (entered later) · human',
  ],
  drafted: [{ document: 'D', incident: 'I', what: 'Post-mortem', title: 'Mail' }, 'Drafted · Post-mortem: Mail · human'],
  exported: [{ title: 'web1 is down', format: 'markdown' }, 'Exported · web1 is down (markdown) · human'],
  'store-set-aside': [
    { file: 'history-damaged.db', why: 'not a database' },
    'History damaged · The damaged history was set aside as history-damaged.db (not a database); a new one was begun · degraded',
  ],
  'store-write-failed': [
    { code: 'full', text: 'The disk is full' },
    'History not written · The disk is full (full). Watching goes on · degraded',
  ],
  'store-write-recovered': [{ lostSamples: 3 }, 'History written again · 3 results could not be kept · info'],
  'probe-bug': [{ check: http.id, text: 'TypeError' }, 'Bug in a check · HTTP on web1: TypeError · unknown'],
};
const event = (kind: EventKind, payload: unknown): NightEvent =>
  ({ id: '01', at: 120_000, subject: { kind: 'host', id: 'web1' }, actor: 'engine', kind, payload }) as NightEvent;

describe('describeEvent', () => {
  it.each(eventKinds)('%s', (kind) => {
    const [payload, expected] = samples[kind];
    const { label, text, mark } = describeEvent(event(kind, payload), names);
    expect(`${label} · ${text} · ${mark}`).toBe(expected);
    // What is described is what the store takes.
    expect(eventSchema.safeParse(event(kind, payload)).success).toBe(true);
  });
  const raised = { alert: 'A', title: 'web1 is down', severity: 'down' as const };
  const updated = { ...raised, joined: [], left: [], consequences: { now: 0, before: 0 } };
  const acknowledged = { alert: 'A', title: 'web1 is down', comment: 'on it', sticky: false, until: null, from: null };
  const told = { channel: 'ops-mail', to: null, message: 'problem' as const, title: 'web1 is down', alerts: [] };
  const variants: { [K in EventKind]?: [what: string, payload: PayloadOf<K>, expected: string][] } = {
    'alert-raised': [
      [
        'with consequences',
        { ...raised, checks: [http.id], consequences: 6 },
        'Alert raised · web1 is down (1 check down, 6 more unreachable because of it) · down',
      ],
      [
        'not known',
        { ...raised, severity: 'unknown', checks: ['a', 'b'], consequences: 0 },
        'Alert raised · web1 is down (2 checks not known) · unknown',
      ],
    ],
    'alert-updated': [
      [
        'more behind it',
        { ...updated, consequences: { now: 6, before: 2 } },
        'Alert grew · web1 is down: 6 checks unreachable because of it (2 before) · down',
      ],
      [
        'less behind it',
        { ...updated, consequences: { now: 1, before: 6 } },
        'Alert shrank · web1 is down: 1 check unreachable because of it (6 before) · down',
      ],
      ['one left', { ...updated, left: [http.id] }, 'Alert shrank · web1 is down: HTTP on web1 is out of it · down'],
      ['another severity', { ...updated, severity: 'degraded' }, 'Alert changed · web1 is down: now degraded · degraded'],
    ],
    acknowledged: [
      ['taken over', { ...acknowledged, from: 'Kim' }, 'Taken over · web1 is down: “on it” (Kim had it) · human'],
      [
        'for what was two hours when the form was opened',
        { ...acknowledged, until: 7_314_000 },
        'Acknowledged · web1 is down: “on it”, for 2 h · human',
      ],
      ['for a while', { ...acknowledged, until: 7_320_000 }, 'Acknowledged · web1 is down: “on it”, for 2 h · human'],
    ],
    'silence-ended': [['by hand', { silence: 'S', subjects: ['web1'], why: 'person' }, 'Silence over · web1: ended by hand · human']],
    escalated: [
      [
        'to two',
        { alert: 'A', title: 'web1 is down', step: 2, to: ['lee', 'boss'], openMs: 1_800_000 },
        'Escalated · web1 is down: nobody has had it for 30 min, so lee and boss are told (step 2) · info',
      ],
    ],
    notified: [
      ['a channel', told, 'Told · ops-mail: web1 is down · info'],
      ['a reminder', { ...told, message: 'reminder' }, 'Reminded · ops-mail: web1 is down · info'],
      ['a test', { ...told, message: 'test' }, 'Test sent · ops-mail: web1 is down · info'],
    ],
    'notify-failed': [
      [
        'given up',
        { channel: 'chat', title: 'web1 is down', attempt: 5, code: 'refused', text: 'connection refused', retryAt: null },
        'Not told · chat did not take “web1 is down”: connection refused. It is given up · degraded',
      ],
    ],
    'rota-hole': [
      [
        'nobody instead',
        { rota: 'night', name: 'Night shift', instead: [] },
        'Nobody on call · Night shift has nobody on call now · degraded',
      ],
      [
        'two instead',
        { rota: 'night', name: 'Night shift', instead: ['a', 'b'] },
        'Nobody on call · Night shift has nobody on call now, so a and b are told · degraded',
      ],
    ],
    'maintenance-planned': [
      [
        'nothing named',
        { window: 'w', name: 'Move', when: 'its day is not fixed yet', affects: [], spares: [] },
        'Planned work · Move, its day is not fixed yet; affects nothing by name · human',
      ],
    ],
    'maintenance-changed': [
      [
        'without a reason',
        { window: 'w', name: 'Move', what: 'called off', reason: '' },
        'Planned work changed · Move: called off · human',
      ],
    ],
    'maintenance-started': [
      [
        'by hand, with a reason',
        { window: 'w', name: 'Move', to: null, affects: ['web1'], reason: 'the truck is here' },
        'Work begins · Move, until it is finished; may be down meanwhile: web1, “the truck is here” · maintenance',
      ],
      [
        'open-ended',
        { window: 'w', name: 'Move', to: null, affects: [] },
        'Work begins · Move, until it is finished; may be down meanwhile: nothing by name · maintenance',
      ],
    ],
    'maintenance-ended': [
      ['by time', { window: 'w', name: 'Move', how: 'time', lastedMs: 60_000 }, 'Work time over · Move, after 1 min · maintenance'],
      [
        'called off',
        { window: 'w', name: 'Move', how: 'cancelled', lastedMs: 60_000 },
        'Work called off · Move, after 1 min · maintenance',
      ],
      [
        'finished, with a word on how it went',
        { window: 'w', name: 'Move', how: 'finished', lastedMs: 60_000, reason: 'all disks are in' },
        'Work finished · Move, after 1 min, “all disks are in” · maintenance',
      ],
    ],
    'maintenance-overrun': [
      [
        'one thing',
        { window: 'w', name: 'Move', subjects: ['web1'] },
        'Work overruns · Move: its time is over and web1 is not back · degraded',
      ],
    ],
    'desk-cut-off': [
      [
        'one anchor',
        { since: 0, anchors: ['desk/gateway'] },
        'Desk offline · This desk lost its own connection (gateway of this desk). Nothing is known of what lies beyond it · stale',
      ],
    ],
  };
  const rows = Object.entries(variants).flatMap(([kind, all]) =>
    all.map(([what, payload, expected]) => [kind as EventKind, what, payload, expected] as const),
  );
  it.each(rows)('%s: %s', (kind, _what, payload, expected) => {
    const { label, text, mark } = describeEvent(event(kind, payload), names);
    expect(`${label} · ${text} · ${mark}`).toBe(expected);
    expect(eventSchema.safeParse(event(kind, payload)).success).toBe(true);
  });
  it('names a recovery, and what has left the inventory by its id', () => {
    const over = describeEvent(
      event('hard', { check: 'web9/http', from: 'down', to: 'ok', firstAt: 0, verdict: verdict('ok', 'ok', 'answers') }),
      names,
    );
    expect(over).toEqual({ label: 'Recovered', text: 'web9/http: answers', mark: 'ok' });
    expect(names.subject({ kind: 'host', id: 'web9' })).toBe('web9');
    expect(names.subject({ kind: 'desk', id: 'desk' })).toBe('Nightdesk');
  });
  it('writes one harmless line whatever a payload carries', () => {
    const nasty = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\x1b[31mred', 'a\nb', '\u202egnp.exe', 'x'.repeat(20_000)));
    fc.assert(
      fc.property(fc.constantFrom(...eventKinds), nasty, (kind, text) => {
        const dirty = JSON.parse(JSON.stringify(samples[kind][0]), (_key, value) =>
          typeof value === 'string' &&
          ![
            'down',
            'asleep-or-frozen',
            'ok',
            'finished',
            'time',
            'problem',
            'investigating',
            'identified',
            'contact',
            'phone',
            'in',
          ].includes(value)
            ? text
            : value,
        );
        const words = describeEvent(event(kind, dirty), names);
        expect(words.text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
        expect(words.text.length).toBeLessThanOrEqual(4_500);
      }),
    );
  });
  it('refuses events that are none', () => {
    for (const junk of [null, {}, event('note', {}), event('nothing' as never, {}), { ...event('note', { text: 'x' }), at: 'now' }])
      expect(eventSchema.safeParse(junk).success).toBe(false);
    expect(Object.keys(payloadSchemas)).toEqual(Object.keys(samples));
  });
});
