/** Uptime as a table, of a mail stack, and by what has an SLA. */
import { describe, expect, it } from 'vitest';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { MINUTE } from '../../shared/time.ts';
import { uptimeOf } from '../../shared/uptime/compute.ts';
import type { UptimeLine } from '../../shared/uptime/report.ts';
import { uptimeCsv } from '../../shared/uptime/to-csv.ts';
import { mailStack } from '../support/mail-legs.ts';
import { checkOf, during, lineOf, report, spells, thing, type World, words } from '../support/uptime-world.ts';

describe('uptimeCsv', () => {
  const { lines } = report({
    subjects: [thing('site', 'sd', { name: '=HYPERLINK("http://evil")' }), thing('host', 'web1', { site: 'sd', name: 'Web, "one"' })],
    checks: [checkOf('web1', 'host', 'http')],
    told: { 'web1/http': '5u 3d 1g 1r' },
    windows: [during(7, 8, ['web1'])],
  });
  const csv = uptimeCsv({ from: 0, to: 10 * MINUTE, lines }, 'America/Los_Angeles');

  it('says the range with its zone in every line, planned apart from unplanned, minutes and per cent', () => {
    expect(csv.split('\r\n')).toEqual([
      '\ufefffrom,to,zone,site,kind,id,name,availability %,range min,up min,degraded min,down (unplanned) min,down (planned) min,unreachable min,not known min,up %,degraded %,down (unplanned) %,down (planned) %,unreachable %,not known %,outages (unplanned),longest outage min',
      `1969-12-31 16:00:00 PST,1969-12-31 16:10:00 PST,America/Los_Angeles,sd,site,sd,"'=HYPERLINK(""http://evil"")",75.0000,10.0,5.0,1.0,2.0,1.0,1.0,0.0,50.0000,10.0000,20.0000,10.0000,10.0000,0.0000,1,2.0`,
      '1969-12-31 16:00:00 PST,1969-12-31 16:10:00 PST,America/Los_Angeles,sd,host,web1,"Web, ""one""",75.0000,10.0,5.0,1.0,2.0,1.0,1.0,0.0,50.0000,10.0000,20.0000,10.0000,10.0000,0.0000,1,2.0',
      '1969-12-31 16:00:00 PST,1969-12-31 16:10:00 PST,America/Los_Angeles,sd,check,web1/http,HTTP,75.0000,10.0,5.0,1.0,2.0,1.0,1.0,0.0,50.0000,10.0000,20.0000,10.0000,10.0000,0.0000,1,2.0',
      '',
    ]);
  });

  it('leaves availability empty where nothing was known, and never rounds up to 100', () => {
    const line = lines[0] as UptimeLine;
    const unknown = uptimeCsv({ from: 0, to: 0, lines: [{ ...line, availability: null }] }, 'UTC').split('\r\n')[1] ?? '';
    expect(unknown).toMatch(/,,0\.0,/);
    expect(unknown).toMatch(/,,,,,,,1,2\.0$/);
    expect(uptimeCsv({ from: 0, to: 1, lines: [{ ...line, availability: 99.99999 }] }, 'UTC')).toContain(',99.9999,');
    expect(uptimeCsv({ from: 0, to: 1, lines: [{ ...line, availability: 100 }] }, 'UTC')).toContain(',100.0000,');
  });
});

describe('a mail stack', () => {
  const { entry, subjects, plans } = mailStack('m', 'example.net', ['receiving', 'sending', 'reading', 'records']);
  const well = Object.fromEntries(plans.map((plan) => [plan.id, '1u']));
  const world = (told: Record<string, string>, more: Partial<World> = {}): World => ({
    subjects,
    checks: plans,
    told: { ...well, ...told },
    ...more,
  });

  it('has a line for each leg, with its checks below', () => {
    const lines = report(world({})).lines;
    expect(lines.filter((it) => it.kind !== 'check').map((it) => it.id)).toEqual([
      'm',
      'm.receiving',
      'm.sending',
      'm.reading',
      'm.records',
    ]);
    expect(lines.filter((it) => it.id.startsWith('m.sending/')).map((it) => it.name)).toEqual([
      'submission',
      'submission over TLS',
      'blocklists',
    ]);
  });
  it.each<[name: string, world: World, id: string, expected: string]>([
    ['a leg is as bad as the worst of it', world({ 'm.reading/imap': '5u 5d' }), 'm.reading', 'up 5 down 5'],
    ['and no other leg is', world({ 'm.reading/imap': '5u 5d' }), 'm.sending', 'up 10'],
    ['the domain stands as its legs', world({ 'm.reading/imap': '5u 5d', 'm.sending/submission': '2g 1u' }), 'm', 'up 3 degraded 2 down 5'],
    ['exchangers stand in for each other', world({ 'm.receiving/smtp': '5u 5d' }), 'm.receiving', 'up 5 degraded 5'],
    [
      'until none is left',
      world({ 'm.receiving/smtp': '5u 5d', 'm.receiving/smtp-v6': '5u 5d', 'm.receiving/smtp-mx2': '7u 3d' }),
      'm',
      'up 5 degraded 2 down 3',
    ],
    ['nobody uses the records', world({ 'm.records/posture': '5u 5d' }), 'm', 'up 10'],
    ['but they are told', world({ 'm.records/posture': '5u 5d' }), 'm.records', 'up 5 down 5'],
    [
      'work on a leg is planned for the domain',
      world({ 'm.reading/imap': '5u 5d' }, { windows: [during(5, 10, ['m.reading'])] }),
      'm',
      'up 5 maintenance 5',
    ],
    [
      'work on the domain is planned for its legs',
      world({ 'm.reading/imap': '5u 5d' }, { windows: [during(5, 10, ['m'])] }),
      'm.reading',
      'up 5 maintenance 5',
    ],
    ['what is not known of a leg', world({ 'm.reading/imap': '5u 5k' }), 'm', 'up 5 unknown 5'],
    [
      'checks beside the legs count',
      world({ 'm/extra': '5u 5d' }, { checks: [...plans, checkOf(entry.id, 'mail', 'tcp', 'extra')] }),
      'm',
      'up 5 down 5',
    ],
    [
      'a domain without legs that are watched stands as its hosts',
      {
        subjects: [thing('host', 'web1'), { ...entry, hosts: ['web1'] }],
        checks: [checkOf('web1', 'host', 'icmp')],
        told: { 'web1/icmp': '5u 5d' },
      },
      'm',
      'up 5 down 5',
    ],
  ])('%s', (_name, it, id, expected) => {
    expect(words(lineOf(it, id).parts)).toBe(expected);
  });
});

describe('stretches of what has an SLA', () => {
  const of = (
    subjects: Subject[],
    checks: PlannedCheck[],
    given: Record<string, string>,
    detail: string[],
    windows: MaintenanceWindow[] = [],
  ) => {
    const report = uptimeOf({
      plan: { subjects, checks },
      from: 0,
      to: 10 * MINUTE,
      spells: new Map(Object.entries(given).map(([id, text]) => [id, spells(text)])),
      gaps: [],
      windows,
      detail,
    });
    return (id: string) =>
      report.lines.find((it) => it.id === id)?.stretches?.map((it) => `${it.from / MINUTE}-${it.to / MINUTE} ${it.part}`);
  };
  const [site, a, b] = [thing('site', 'sd'), thing('host', 'a', { site: 'sd' }), thing('host', 'b', { site: 'sd' })];
  const hosts = [checkOf('a', 'host', 'icmp'), checkOf('b', 'host', 'icmp')];
  it('of a site: gone altogether, gone in part, slow; planned work and what nobody knows is none', () => {
    const found = of([site, a, b], hosts, { 'a/icmp': '1u 4d 1k 4u', 'b/icmp': '3u 1d 1u 1k 2u 1g 1u' }, ['sd']);
    expect(found('sd')).toEqual(['1-3 partial', '3-4 down', '4-5 partial', '8-9 degraded']);
    expect(found('a')).toBeUndefined();
    const planned = of([site, a, b], hosts, { 'a/icmp': '1u 4d 5u', 'b/icmp': '10u' }, ['sd'], [during(0, 3, ['a'])]);
    expect(planned('sd')).toEqual(['3-5 partial']);
  });
  it('of a link: an address range that rides on it alone', () => {
    const link = thing('link', 'cox');
    const alone = thing('prefix', 'p1', { dependsOn: [['cox']] });
    const both = thing('prefix', 'p2', { dependsOn: [['cox', 'other']] });
    const checks = [checkOf('cox', 'link', 'icmp', 'gateway'), checkOf('p1', 'prefix', 'icmp'), checkOf('p2', 'prefix', 'icmp')];
    const found = of([link, alone, both], checks, { 'cox/gateway': '8u 2d', 'p1/icmp': '2u 3d 3u 2r', 'p2/icmp': '6u 1d 3u' }, ['cox']);
    expect(found('cox')).toEqual(['2-5 partial', '8-10 down']);
  });
});
