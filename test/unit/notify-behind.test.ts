/** What is behind an alert, in what people are sent and what the desk calls out: along with the alert, never a message of its own. */
import { describe, expect, it } from 'vitest';
import { announcementsOf } from '../../electron/engine/announce.ts';
import { behindSentence } from '../../shared/diagnosis/behind-words.ts';
import type { Diagnosis } from '../../shared/diagnosis/types.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { alertOf, notifyDesk } from '../support/notify.ts';

const diagnosis = (confidence: Diagnosis['confidence'], sentence: string, works: string | null = null): Diagnosis => ({
  best: { kind: 'link', culprits: ['cox'], prefixes: [], sentence, share: 1, explains: [], contradicts: [] },
  runnerUp: null,
  confidence,
  doubt: null,
  works,
  unexplained: [],
  since: 0,
});
const cox = 'Cox at San Diego is down';
const one = (it?: Diagnosis) => alertOf({ id: 'web1', ...(it && { diagnosis: it }) });

describe('the sentence', () => {
  it.each<[string, Diagnosis | undefined, string | null]>([
    ['where it is sure', diagnosis('sure', cox, 'Level3 is fine'), 'Behind it: Cox at San Diego is down; Level3 is fine.'],
    ['where it is likely', diagnosis('likely', cox), 'Behind it, most likely: Cox at San Diego is down.'],
    ['not where it is a guess', diagnosis('unsure', cox), null],
    ['not where the title says it', diagnosis('sure', 'web1 is down'), null],
    ['not where there is none', undefined, null],
    ['as a harmless line', diagnosis('sure', 'Co\u0007x\nis down'), 'Behind it: Co x is down.'],
  ])('%s', (_, it, expected) => expect(behindSentence(one(it))).toBe(expected));
});

describe('messages', () => {
  const config = { channels: [{ id: 'chat', type: 'slack', url: 'u' }], routes: [{ id: 'all', to: ['chat'] }] };
  it('the first one carries it when it was found by then', () => {
    const desk = notifyDesk(config);
    desk.put({ id: 'web1' });
    desk.pass(10 * SECOND);
    desk.change('web1', { diagnosis: diagnosis('likely', cox) });
    desk.pass(MINUTE);
    expect(desk.said()).toEqual(['+30 s problem chat: web1 is down']);
    expect(desk.sent[0]?.message.text.split('\n')).toContain('Behind it, most likely: Cox at San Diego is down.');
  });
  it('nobody is told anew because of it, and a reminder has the newest', () => {
    const desk = notifyDesk(config);
    desk.put({ id: 'web1' });
    desk.pass(MINUTE);
    desk.change('web1', { diagnosis: diagnosis('likely', 'Level3 is down') });
    desk.pass(HOUR);
    desk.change('web1', { diagnosis: diagnosis('sure', cox) });
    desk.pass(DAY / 4);
    expect(desk.sent.map((it) => it.message.kind)).toEqual(['problem', 'reminder']);
    expect(desk.sent[0]?.message.text).not.toContain('Behind it');
    expect(desk.sent[1]?.message.text).toContain('Behind it: Cox at San Diego is down.');
    desk.end('web1');
    desk.pass(MINUTE);
    expect(desk.sent.at(-1)?.message).toMatchObject({ kind: 'recovery', text: expect.not.stringContaining('Behind it') });
  });
});

describe('what the desk calls out', () => {
  const raised = (kind: 'alert-raised' | 'alert-recovered'): EventDraft =>
    ({ kind, at: 0, subject: { kind: 'host', id: 'web1' }, actor: 'engine', payload: { alert: 'web1' } }) as EventDraft;
  it('says it before what is seen, and no more of it at the end', () => {
    const alert = one(diagnosis('sure', cox));
    expect(announcementsOf([alert], [raised('alert-raised')], new Map())).toMatchObject([
      { kind: 'raised', title: 'web1 is down', text: 'Behind it: Cox at San Diego is down. Ping: no answer to 5 pings.' },
    ]);
    expect(announcementsOf([{ ...alert, endedAt: 5 }], [raised('alert-recovered')], new Map())).toMatchObject([
      { kind: 'recovered', text: 'Ping: no answer to 5 pings.' },
    ]);
  });
});
