/** Inventories of channels and people, and cases of what is said when. */
import { expect, it } from 'vitest';
import type { EventDraft, EventKind } from '../../shared/model/event.ts';
import { MINUTE } from '../../shared/time.ts';
import { type NotifyDesk, notifyDesk } from './notify.ts';

export const mail = { id: 'mail', type: 'email', host: 'h.example', from: 'a@example.net', to: ['noc@example.net'] };
export const chat = { id: 'chat', type: 'slack', url: 'u' };
export const pager = { id: 'pager', type: 'pagerduty', routingKey: 'k' };
export const ada = { id: 'ada', name: 'Ada', email: 'ada@example.net', channels: ['mail'] };
export const bo = { id: 'bo', name: 'Bo', email: 'bo@example.net', channels: ['mail'] };
export const base = { channels: [chat, mail], people: [ada, bo] };
export const all = { ...base, routes: [{ id: 'all', to: ['chat'] }] };
export const ladder = {
  ...base,
  routes: [{ id: 'all', to: ['chat'], escalation: 'up' }],
  escalations: [
    {
      id: 'up',
      steps: [
        { after: '15m', to: ['ada'] },
        { after: '30m', to: ['ada', 'bo'] },
      ],
    },
  ],
};
export const nightAndDay = {
  ...base,
  routes: [
    { id: 'day', to: ['chat'], when: [{ from: '08:00', to: '18:00' }] },
    { id: 'night', to: ['ada'] },
  ],
};
export const minutes = (n: number): number => n * MINUTE;
type PayloadOf<K extends EventKind> = Extract<EventDraft, { kind: K }>['payload'];
export const eventsOf = <K extends EventKind>(desk: NotifyDesk, kind: K): PayloadOf<K>[] =>
  desk.events.filter((it) => it.kind === kind).map((it) => it.payload as PayloadOf<K>);
type Case = [name: string, config: Record<string, unknown>, script: (desk: NotifyDesk) => void, said: string[]];
export const cases = (rows: Case[]): void => {
  it.each(rows)('%s', (_name, config, script, said) => {
    const desk = notifyDesk(config, [
      { id: 'sd', kind: 'site' },
      { id: 'web9', site: 'sd' },
    ]);
    script(desk);
    expect(desk.said()).toEqual(said);
  });
};
