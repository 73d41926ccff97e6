import { describe, expect, it } from 'vitest';
import { describeRoutes } from '../../shared/notify/words.ts';
import { noon, notifyOf } from '../support/notify.ts';

const names = new Map([
  ['web1', 'Web server 1'],
  ['sd', 'San Diego'],
]);
const config = {
  channels: [
    { id: 'chat', name: 'NOC chat', type: 'slack', url: 'hook' },
    { id: 'mail', type: 'email', host: 'mail.example.net', from: 'a@example.net', to: ['b@example.net'] },
  ],
  people: [
    { id: 'ada', name: 'Ada Berg', channels: ['chat'] },
    { id: 'bo', name: 'Bo Lind', channels: ['mail'] },
  ],
  rotas: [{ id: 'primary', name: 'Primary on call', shifts: [{ person: 'ada' }] }],
  escalations: [
    { id: 'ladder', steps: [{ after: '15m', to: ['bo'] }] },
    {
      id: 'long',
      steps: [
        { after: '15m', to: ['bo'] },
        { after: '1h', to: ['mail', 'primary'] },
      ],
    },
  ],
};
const usual = 'after 30 s; at most every 5 min; reminds every 4 h';
const say = (route: Record<string, unknown>, zone = 'America/Los_Angeles', now = noon): string | undefined =>
  describeRoutes(notifyOf({ ...config, routes: [{ id: 'it', to: ['chat'], ...route }] }), (id) => names.get(id), zone, now)[0]?.text;

describe('describeRoutes', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['the least', {}, `Everything: NOC chat, ${usual}`],
    ['a channel without a name', { to: ['mail'] }, `Everything: mail, ${usual}`],
    ['a person', { to: ['ada'] }, `Everything: Ada Berg, ${usual}`],
    ['a rota', { to: ['primary'] }, `Everything: Primary on call, ${usual}`],
    ['several', { to: ['primary', 'chat', 'bo'] }, `Everything: Primary on call, NOC chat and Bo Lind, ${usual}`],
    ['a subject by its name', { subjects: ['web1'] }, `Web server 1: NOC chat, ${usual}`],
    ['a subject that is not there any more, by its id', { subjects: ['sd', 'gone'] }, `San Diego and gone: NOC chat, ${usual}`],
    ['a group', { groups: ['mail'] }, `Mail: NOC chat, ${usual}`],
    ['groups of a site', { groups: ['links', 'mail'], subjects: ['sd'] }, `Datacenter links and mail of San Diego: NOC chat, ${usual}`],
    ['a severity', { severities: ['down'] }, `Everything, when down: NOC chat, ${usual}`],
    ['two severities', { severities: ['down', 'unknown'] }, `Everything, when down or without data: NOC chat, ${usual}`],
    ['all severities are no limit', { severities: ['down', 'degraded', 'unknown'] }, `Everything: NOC chat, ${usual}`],
    ['a severity written twice', { severities: ['down', 'down'] }, `Everything, when down: NOC chat, ${usual}`],
    ['hours over midnight', { when: [{ from: '22:00', to: '07:00' }] }, `Everything, 22:00 to 07:00 (PST): NOC chat, ${usual}`],
    ['from some hour on', { when: [{ from: '18:00' }] }, `Everything, 18:00 to 24:00 (PST): NOC chat, ${usual}`],
    ['whole days', { when: [{ days: ['sat', 'sun'] }] }, `Everything, Sat and Sun (PST): NOC chat, ${usual}`],
    [
      'nights and weekends',
      { when: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '18:00', to: '08:00' }, { days: ['sun', 'sat'] }] },
      `Everything, Mon to Fri 18:00 to 08:00 and Sat and Sun (PST): NOC chat, ${usual}`,
    ],
    ['days apart', { when: [{ days: ['fri', 'mon', 'wed'] }] }, `Everything, Mon, Wed and Fri (PST): NOC chat, ${usual}`],
    [
      'every day of the week is no limit',
      { when: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] }] },
      `Everything: NOC chat, ${usual}`,
    ],
    ['a zone of its own', { when: [{ to: '08:00' }], timezone: 'Europe/Berlin' }, `Everything, 00:00 to 08:00 (UTC+1): NOC chat, ${usual}`],
    [
      'at once, and other times',
      { wait: '0s', interval: '90s', repeat: '1d' },
      'Everything: NOC chat, at once; at most every 1 min 30 s; reminds every 1 d',
    ],
    ['whole seconds', { wait: '5s' }, 'Everything: NOC chat, after 5 s; at most every 5 min; reminds every 4 h'],
    ['an escalation', { escalation: 'ladder' }, `Everything: NOC chat, ${usual}; if nobody takes it, Bo Lind after 15 min`],
    [
      'a longer one',
      { escalation: 'long' },
      `Everything: NOC chat, ${usual}; if nobody takes it, Bo Lind after 15 min; then mail and Primary on call at 1 h`,
    ],
    ['an escalation that is not there', { escalation: 'gone' }, `Everything: NOC chat, ${usual}`],
    ['a route that does not take the alert away', { continue: true }, `Everything: NOC chat, ${usual}; the routes below are looked at too`],
  ])('%s', (_, route, expected) => expect(say(route)).toBe(expected));

  it('calls the zone as it is called at that time of the year', () => {
    const night = { when: [{ from: '22:00', to: '07:00' }] };
    expect(say(night, 'America/Los_Angeles', Date.UTC(2026, 6, 1))).toContain('22:00 to 07:00 (PDT)');
  });

  it('keeps the order of the routes', () => {
    const routes = ['b', 'a'].map((id) => ({ id, to: ['chat'] }));
    expect(describeRoutes(notifyOf({ ...config, routes }), () => undefined, 'UTC', noon).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('says nothing where there are no routes', () => expect(describeRoutes(notifyOf({}), () => undefined, 'UTC', noon)).toEqual([]));

  it('makes harmless lines of names that are not', () => {
    const written = {
      ...config,
      channels: [{ id: 'chat', name: 'a\u202eb\u001b[31mc', type: 'slack', url: 'hook' }],
      routes: [{ id: 'it', to: ['chat'] }],
    };
    expect(
      describeRoutes(notifyOf({ ...written, people: [], rotas: [], escalations: [] }), () => undefined, 'UTC', noon)[0]?.text,
    ).toContain('a bc,');
  });
});
