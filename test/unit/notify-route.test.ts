import { describe, expect, it } from 'vitest';
import { graphOf } from '../../shared/health/graph.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { notifySchema } from '../../shared/model/notify.ts';
import { routesFor } from '../../shared/notify/route.ts';
import { notifyProblems } from '../../shared/notify/rules.ts';
import { targetsOf } from '../../shared/notify/targets.ts';
import { alertOf, noon, notifyOf } from '../support/notify.ts';
import { subject } from '../support/plans.ts';

const graph = graphOf([
  subject({ id: 'sd', kind: 'site' }),
  subject({ id: 'la', kind: 'site' }),
  subject({ id: 'web1', site: 'sd' }),
  subject({ id: 'web2', site: 'la' }),
  subject({ id: 'cox', kind: 'link', site: 'sd' }),
  subject({ id: 'v4', kind: 'prefix', site: 'sd' }),
  subject({ id: 'shop', kind: 'service' }),
  subject({ id: 'mx', kind: 'mail', site: 'la' }),
]);
const web1 = alertOf({ id: 'web1' });
const web2 = alertOf({ id: 'web2', severity: 'degraded' });
const cox = alertOf({ id: 'cox', subject: { kind: 'link', id: 'cox' } });
const mx = alertOf({ id: 'mx', subject: { kind: 'mail', id: 'mx' }, severity: 'unknown' });
const site = alertOf({ id: 'A', subject: { kind: 'site', id: 'sd' }, checks: ['cox/gateway', 'v4/icmp-1'] });
const bareSite = alertOf({ id: 'B', subject: { kind: 'site', id: 'sd' }, checks: [] });
const desk = alertOf({ id: 'C', subject: { kind: 'desk', id: 'desk' }, checks: ['desk/gateway'] });
const mixed = alertOf({ id: 'D', subject: { kind: 'site', id: 'la' }, checks: ['web2/http', 'mx/smtp'] });
const behind = alertOf({ id: 'web1', consequences: ['mx/smtp'] });

const config = { channels: [{ id: 'c', type: 'slack', url: 'u' }] };
const routesOf = (routes: Record<string, unknown>[], alert: Alert, now = noon, zone = 'UTC'): string[] =>
  routesFor(alert, {
    config: notifyOf({ ...config, routes: routes.map((it, index) => ({ id: `r${index}`, to: ['c'], ...it })) }),
    graph,
    zone,
    now,
  }).map((it) => it.id);

describe('routesFor', () => {
  it.each([
    ['nothing said takes all', [{}], web1, ['r0']],
    ['the first that fits takes it', [{}, {}], web1, ['r0']],
    ['unless it lets it go on', [{ continue: true }, {}, {}], web1, ['r0', 'r1']],
    ['one that does not fit does not stop it', [{ subjects: ['web2'] }, {}], web1, ['r1']],
    ['one that does not fit and goes on', [{ subjects: ['web2'], continue: true }, {}], web1, ['r1']],
    ['no route fits', [{ subjects: ['web2'] }], web1, []],
    ['there is no route', [], web1, []],
    ['by the root', [{ subjects: ['web1'] }], web1, ['r0']],
    ['by a failed check', [{ subjects: ['v4'] }], site, ['r0']],
    ['not by a mere consequence', [{ subjects: ['mx'] }], behind, []],
    ['a site stands for what is at it', [{ subjects: ['sd'] }], web1, ['r0']],
    ['and for links there', [{ subjects: ['sd'] }], cox, ['r0']],
    ['and for itself', [{ subjects: ['sd'] }], bareSite, ['r0']],
    ['not for what is elsewhere', [{ subjects: ['sd'] }], web2, []],
    ['one of several subjects is enough', [{ subjects: ['web1', 'web2'] }], web2, ['r0']],
    ['by group: servers', [{ groups: ['servers'] }], web1, ['r0']],
    ['by group: not links', [{ groups: ['links'] }], web1, []],
    ['by group: links', [{ groups: ['links'] }], cox, ['r0']],
    ['by group: mail', [{ groups: ['mail'] }], mx, ['r0']],
    ['a site is of the group of what fails there', [{ groups: ['links'] }], site, ['r0']],
    ['and of no other', [{ groups: ['servers'] }], site, []],
    ['a site of which nothing more is known is with the servers', [{ groups: ['servers'] }], bareSite, ['r0']],
    ['several groups at once', [{ groups: ['mail'], continue: true }, { groups: ['servers'] }], mixed, ['r0', 'r1']],
    ['the desk itself is with the servers', [{ groups: ['servers'] }], desk, ['r0']],
    ['by severity', [{ severities: ['down'] }], web1, ['r0']],
    ['by another severity', [{ severities: ['down'] }], web2, []],
    ['one of several severities', [{ severities: ['degraded', 'unknown'] }], mx, ['r0']],
    ['all that is said must fit', [{ subjects: ['web1'], groups: ['servers'], severities: ['degraded'] }], web1, []],
    ['all of it fits', [{ subjects: ['sd'], groups: ['servers'], severities: ['down'] }], web1, ['r0']],
  ] as const)('%s', (_name, routes, alert, taken) => {
    expect(routesOf([...routes], alert)).toEqual(taken);
  });

  const nights = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '18:00', to: '08:00' }, { days: ['sat', 'sun'] }];
  it.each([
    ['in the time', '2026-11-20T03:00:00Z', 'UTC', {}, ['r0']],
    ['outside it', '2026-11-20T12:00:00Z', 'UTC', {}, ['r1']],
    ['a second time', '2026-11-21T12:00:00Z', 'UTC', {}, ['r0']],
    ['in the organization’s zone', '2026-11-20T12:00:00Z', 'America/Los_Angeles', {}, ['r0']],
    ['in a zone of its own', '2026-11-20T12:00:00Z', 'America/Los_Angeles', { timezone: 'Europe/Berlin' }, ['r1']],
    ['by the clock on the wall in summer', '2026-07-20T15:59:00Z', 'Europe/Berlin', {}, ['r1']],
    ['an hour of UTC earlier than in winter', '2026-07-20T16:00:00Z', 'Europe/Berlin', {}, ['r0']],
  ] as const)('%s', (_name, iso, zone, more, taken) => {
    expect(routesOf([{ when: nights, ...more }, {}], web1, Date.parse(iso), zone)).toEqual(taken);
  });

  it('never gives an end of day to the list of whom to tell', () => {
    // `to` of a route is whom it tells; times have a `to` of their own.
    const read = notifySchema.safeParse({ routes: [{ id: 'r', to: ['c'], when: [{ from: '08:00', to: '18:00' }] }] });
    expect(read.success && read.data.routes[0]).toMatchObject({
      to: ['c'],
      when: [{ from: '08:00', to: '18:00' }],
      wait: 30_000,
      interval: 300_000,
      repeat: 14_400_000,
    });
  });
});

describe('targetsOf', () => {
  const all = notifyOf({
    channels: [
      { id: 'mail', type: 'email', host: 'mail.example.net', from: 'desk@example.net', to: ['noc@example.net'] },
      { id: 'chat', type: 'slack', url: 'u' },
    ],
    people: [
      { id: 'ada', name: 'Ada', email: 'ada@example.net', channels: ['mail', 'chat'] },
      { id: 'bo', name: 'Bo', channels: ['mail', 'chat'] },
      { id: 'cy', name: 'Cy', email: 'cy@example.net', channels: ['mail'] },
    ],
    rotas: [
      { id: 'ops', shifts: [{ person: 'ada', from: '08:00', to: '18:00' }] },
      {
        id: 'empty',
        shifts: [
          { person: 'bo', days: ['mon'] },
          { person: 'cy', days: ['mon'] },
        ],
      },
    ],
  });
  it.each([
    ['a channel', ['chat'], ['chat: -'], []],
    ['a person over all of their channels, by email at their own address', ['ada'], ['mail/ada: Ada', 'chat: Ada'], []],
    ['a person without an address gets it where the channel leads', ['bo'], ['mail: Bo', 'chat: Bo'], []],
    ['two people over one chat are one message', ['ada', 'bo'], ['mail/ada: Ada', 'chat: Ada, Bo', 'mail: Bo'], []],
    ['a channel and a person over it are one message', ['chat', 'bo'], ['chat: -', 'mail: Bo'], []],
    ['the other way round too', ['bo', 'chat'], ['mail: Bo', 'chat: -'], []],
    ['a rota is who is on call', ['ops'], ['mail/ada: Ada', 'chat: Ada'], []],
    ['the person and the rota are told once', ['ada', 'ops'], ['mail/ada: Ada', 'chat: Ada'], []],
    ['nobody on call: all of the rota', ['empty'], ['mail: Bo', 'chat: Bo', 'mail/cy: Cy'], ['empty: bo, cy']],
    ['what is not there leads nowhere', ['gone'], [], []],
  ] as const)('%s', (_name, ids, wanted, holes) => {
    const found = targetsOf(ids, all, 'UTC', noon);
    const names = found.targets.map((it) => `${it.channel.id}${it.person === null ? '' : `/${it.person}`}: ${it.people.join(', ') || '-'}`);
    expect(names).toEqual(wanted);
    expect(found.holes.map((it) => `${it.rota.id}: ${it.instead.join(', ')}`)).toEqual(holes);
  });
});

describe('notifyProblems', () => {
  const slack = { id: 'chat', type: 'slack', url: 'u' };
  const mail = { id: 'mail', type: 'email', host: 'h.example', from: 'a@example.net', to: ['b@example.net'] };
  const ada = { id: 'ada', name: 'Ada', channels: ['chat'] };
  const route = (more = {}) => ({ id: 'r', to: ['chat'], ...more });
  const found = (written: Record<string, unknown>, known?: (id: string) => boolean) =>
    notifyProblems(notifyOf(written), known).problems.map((it) => `${it.path.join('.')}: ${it.expected}`);

  it.each([
    ['nothing at all', {}, []],
    ['all fits', { channels: [slack], people: [ada], routes: [route({ to: ['chat', 'ada'] })] }, []],
    [
      'a route to nothing',
      { channels: [slack], people: [ada], routes: [route({ to: ['chta'] })] },
      [
        'notify.routes.0.to.0: the id of a channel, person or rota; there is no "chta" in notify.channels, notify.people or notify.rotas, which has chat and ada',
      ],
    ],
    [
      'a route where there is nothing',
      { routes: [route()] },
      [
        'notify.routes.0.to.0: the id of a channel, person or rota; there is no "chat" in notify.channels, notify.people or notify.rotas, which has none yet',
      ],
    ],
    [
      'a person with an unknown channel',
      { channels: [slack], people: [{ ...ada, channels: ['pager'] }] },
      ['notify.people.0.channels.0: the id of a channel; there is no "pager" in notify.channels, which has chat'],
    ],
    [
      'a person is no channel',
      { channels: [slack], people: [ada, { id: 'bo', name: 'Bo', channels: ['ada'] }] },
      ['notify.people.1.channels.0: the id of a channel; there is no "ada" in notify.channels, which has chat'],
    ],
    [
      'a person without channels',
      { people: [{ id: 'bo', name: 'Bo' }] },
      ['notify.people.0.channels: at least one channel; nothing would reach bo'],
    ],
    [
      'a shift of nobody',
      { rotas: [{ id: 'ops', shifts: [{ person: 'bo' }] }] },
      ['notify.rotas.0.shifts.0.person: the id of a person; there is no "bo" in notify.people, which has none yet'],
    ],
    [
      'a rotation with a stranger',
      { channels: [slack], people: [ada], rotas: [{ id: 'ops', rotation: { people: ['ada', 'bo'], since: '2026-01-01T00:00:00Z' } }] },
      ['notify.rotas.0.rotation.people.1: the id of a person; there is no "bo" in notify.people, which has ada'],
    ],
    [
      'an override with a stranger',
      {
        channels: [slack],
        people: [ada],
        rotas: [{ id: 'ops', overrides: [{ person: 'bo', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }] }],
      },
      ['notify.rotas.0.overrides.0.person: the id of a person; there is no "bo" in notify.people, which has ada'],
    ],
    [
      'an override that ends before it begins',
      {
        channels: [slack],
        people: [ada],
        rotas: [{ id: 'ops', overrides: [{ person: 'ada', from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }] }],
      },
      ['notify.rotas.0.overrides.0.to: a time after `from`'],
    ],
    ['a rota of nobody', { rotas: [{ id: 'ops' }] }, ['notify.rotas.0: shifts, a rotation or overrides; it names nobody']],
    [
      'an unknown escalation',
      { channels: [slack], routes: [route({ escalation: 'ladder' })] },
      ['notify.routes.0.escalation: the id of an escalation; there is no "ladder" in notify.escalations, which has none yet'],
    ],
    [
      'an escalation to nothing',
      { channels: [slack], escalations: [{ id: 'e', steps: [{ after: '5m', to: ['boss'] }] }] },
      [
        'notify.escalations.0.steps.0.to.0: the id of a channel, person or rota; there is no "boss" in notify.channels, notify.people or notify.rotas, which has chat',
      ],
    ],
    [
      'steps that go back in time',
      {
        channels: [slack],
        escalations: [
          {
            id: 'e',
            steps: [
              { after: '15m', to: ['chat'] },
              { after: '5m', to: ['chat'] },
            ],
          },
        ],
      },
      ['notify.escalations.0.steps.1.after: a longer time than the step before (15m)'],
    ],
    [
      'two channels with one id',
      { channels: [slack, slack] },
      ['notify.channels.1.id: an id of its own; "chat" is already one of notify.channels'],
    ],
    [
      'a person with the id of a channel',
      { channels: [slack], people: [{ ...ada, id: 'chat' }] },
      ['notify.people.0.id: an id of its own; "chat" is already one of notify.channels'],
    ],
    [
      'a rota with the id of a person',
      { channels: [slack], people: [ada], rotas: [{ id: 'ada', shifts: [{ person: 'ada' }] }] },
      ['notify.rotas.0.id: an id of its own; "ada" is already one of notify.people'],
    ],
    [
      'two routes with one id',
      { channels: [slack], routes: [route({ severities: ['down'] }), route()] },
      ['notify.routes.1.id: an id of its own; "r" is already one of notify.routes'],
    ],
    ['a route may have the id of a channel', { channels: [slack], routes: [route({ id: 'chat' })] }, []],
    [
      'email to nobody',
      { channels: [{ ...mail, to: [] }], routes: [route({ to: ['mail'] })] },
      ['notify.channels.0.to: an address; the channel "mail" would have nobody to send to'],
    ],
    [
      'email to people only',
      {
        channels: [{ ...mail, to: [] }],
        people: [{ ...ada, email: 'ada@example.net', channels: ['mail'] }],
        routes: [route({ to: ['ada'] })],
      },
      [],
    ],
    [
      'email to people only, but a route tells it as such',
      {
        channels: [{ ...mail, to: [] }],
        people: [{ ...ada, email: 'ada@example.net', channels: ['mail'] }],
        routes: [route({ to: ['mail'] })],
      },
      ['notify.channels.0.to: an address; the channel "mail" would have nobody to send to'],
    ],
    [
      'a person without an address on email to nobody',
      {
        channels: [{ ...mail, to: [] }],
        people: [
          { ...ada, email: 'ada@example.net', channels: ['mail'] },
          { id: 'bo', name: 'Bo', channels: ['mail'] },
        ],
      },
      ['notify.people.1.channels.0: an email address for bo, as the channel "mail" sends email and has no address of its own'],
    ],
  ])('%s', (_name, written, wanted) => {
    expect(found(written)).toEqual(wanted);
  });

  it('asks for subjects that are in the inventory', () => {
    expect(found({ channels: [slack], routes: [route({ subjects: ['web1', 'wbe2'] })] }, (id) => id === 'web1')).toEqual([
      'notify.routes.0.subjects.1: the id of something in this inventory; there is no "wbe2"',
    ]);
  });

  it.each([
    [
      'a route behind one that takes all',
      [
        { id: 'a', to: ['chat'] },
        { id: 'b', to: ['chat'], subjects: ['web1'] },
      ],
      ['The route "b" never gets an alert: "a" before it takes them all. Put it first, or give "a" continue: true.'],
    ],
    [
      'unless that one lets them go on',
      [
        { id: 'a', to: ['chat'], continue: true },
        { id: 'b', to: ['chat'] },
      ],
      [],
    ],
    [
      'or holds only at times',
      [
        { id: 'a', to: ['chat'], when: [{ days: ['mon'] }] },
        { id: 'b', to: ['chat'] },
      ],
      [],
    ],
    [
      'or takes some only',
      [
        { id: 'a', to: ['chat'], severities: ['down'] },
        { id: 'b', to: ['chat'] },
      ],
      [],
    ],
    [
      'taking some, it hides those that want a part of them',
      [
        { id: 'a', to: ['chat'], severities: ['down', 'degraded'] },
        { id: 'b', to: ['chat'], severities: ['down'], groups: ['mail'] },
      ],
      ['The route "b" never gets an alert: "a" before it takes them all. Put it first, or give "a" continue: true.'],
    ],
  ])('warns: %s', (_name, routes, wanted) => {
    expect(notifyProblems(notifyOf({ channels: [slack], routes })).warnings).toEqual(wanted);
  });

  it('warns of a hole in a rota, with its first time and zone', () => {
    const written = {
      channels: [slack],
      people: [ada],
      rotas: [
        { id: 'ops', timezone: 'America/Los_Angeles', shifts: [{ person: 'ada', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }] },
      ],
    };
    expect(notifyProblems(notifyOf(written), undefined, { zone: 'UTC', now: noon }).warnings).toEqual([
      'Nobody is on call in the rota "ops" from 2026-11-22 00:00:00 PST to 2026-11-23 00:00:00 PST (and 3 more times within four weeks); all of its people are told then.',
    ]);
  });

  it('warns of a password that goes unencrypted', () => {
    expect(notifyProblems(notifyOf({ channels: [{ ...mail, encryption: 'none', user: 'u', password: 'p' }] })).warnings).toEqual([
      'The channel "mail" sends its password unencrypted. Use encryption: starttls or tls.',
    ]);
  });
});
