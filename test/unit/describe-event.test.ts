import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeEvent, namesOf } from '../../shared/model/describe-event.ts';
import { type EventKind, eventKinds, eventSchema, type NightEvent, payloadSchemas } from '../../shared/model/event.ts';
import { check, thing, verdict } from '../support/story.ts';

const web1 = thing('host', 'web1');
const http = check(web1, 'http');
const names = namesOf([web1], [http]);
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
  'alert-raised': [
    { alert: 'A', title: 'web1 is down', severity: 'down', checks: [http.id] },
    'Alert raised · web1 is down (1 check down) · down',
  ],
  'alert-updated': [
    { alert: 'A', title: 'web1 is down', severity: 'down', joined: [http.id], left: ['web1/icmp'] },
    'Alert grew · web1 is down: HTTP on web1 joined; web1/icmp is out of it · down',
  ],
  'alert-recovered': [{ alert: 'A', title: 'web1 is down', lastedMs: 840_000 }, 'Alert over · web1 is down: recovered after 14 min · ok'],
  'alert-closed': [
    { alert: 'A', title: 'web1 is down', why: 'it is no longer in the inventory' },
    'Alert closed · web1 is down: it is no longer in the inventory · info',
  ],
  acknowledged: [{ alert: 'A', title: 'web1 is down', comment: 'on it' }, 'Acknowledged · web1 is down: “on it” · human'],
  'acknowledgement-cleared': [
    { alert: 'A', title: 'web1 is down', why: 'SSH joined' },
    'Open again · web1 is down: nobody has it any more, as SSH joined · info',
  ],
  note: [{ text: 'called the datacenter' }, 'Note · web1: called the datacenter · human'],
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
          typeof value === 'string' && !['down', 'asleep-or-frozen', 'ok'].includes(value) ? text : value,
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
