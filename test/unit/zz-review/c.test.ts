import { it } from 'vitest';
import { HOUR, MINUTE, SECOND, DAY } from '../../../shared/time.ts';
import { must, openAlerts, standing, uptime, rigsOfThisFile, type Rig, hostLine } from '../../support/engine-rig.ts';
const start = rigsOfThisFile();
const log = (rig: Rig, kinds = /alert|ack|maint|desk|cut|silence|flapp|gap/) => rig.events.filter((e) => kinds.test(e.kind)).map((e) => `  ${new Date(e.at).toISOString().slice(5, 19)} ${e.kind} ${JSON.stringify(e.payload).slice(0, 260)}`).join('\n');
const alerts = (rig: Rig) => Object.values(rig.tables().alerts).map((a) => `  [${a.endedAt ? 'ended' : 'OPEN'}] ${a.subject.kind}:${a.subject.id} ${a.severity} “${a.title}” ack ${a.acknowledgement?.comment}\n      ${a.text}\n      checks ${a.checks.join(' ')} | cons ${a.consequences.join(' ')} | related ${a.related.map((r) => r.text).join('; ')}`).join('\n');
const head = `organization: { name: Test, timezone: America/New_York }
defaults: { interval: 30s, retryInterval: 10s, timeout: 5s, maxAttempts: 3 }
desk: { anchors: [{ type: icmp, name: gateway, address: gwd.test, interval: 10s, retryInterval: 5s }, { type: icmp, name: far, address: far.test, interval: 10s, retryInterval: 5s }] }
sites: [{ id: sd, name: San Diego }]
`;
const h = (id: string, more = '') => `  - { id: ${id}, address: ${id}.test, site: sd, checks: [{ type: tcp, port: 80 }]${more} }\n`;
const off = (rig: Rig, a: 'ok' | 'refused', ...ids: string[]) => { for (const id of ids) rig.answers.set(id, a); };

it('cut off with flexible window and overrun', async () => {
  const rig = await start({ inventory: `${head}hosts:\n${h('web1')}${h('web2')}${h('web3')}` });
  const t0 = rig.clock.now();
  await must(rig, 'planMaintenance', { id: null, by: 'Kim', plan: { name: 'flex', kind: 'flexible', from: t0 + MINUTE, to: t0 + 5 * HOUR, durationMs: 30 * MINUTE, schedule: null, affects: ['web1'], spares: [], reason: '' } });
  await must(rig, 'planMaintenance', { id: null, by: 'Kim', plan: { name: 'fixed', kind: 'fixed', from: t0 + MINUTE, to: t0 + 15 * MINUTE, durationMs: null, schedule: null, affects: ['web2'], spares: [], reason: '' } });
  await rig.clock.advance(10 * MINUTE);
  off(rig, 'refused', 'gwd', 'far', 'web1', 'web2', 'web3');
  await rig.clock.advance(20 * MINUTE);
  console.log('CUT OFF\n' + alerts(rig) + '\n' + log(rig), ['web1', 'web2', 'web3'].map((w) => standing(rig, w)));
  off(rig, 'ok', 'gwd', 'far', 'web1', 'web2', 'web3');
  await rig.clock.advance(10 * MINUTE);
  console.log('BACK\n' + alerts(rig) + '\n' + log(rig), ['web1', 'web2', 'web3'].map((w) => standing(rig, w)));
});
it('spares', async () => {
  const rig = await start({ inventory: `${head}hosts:\n${h('web1')}${h('pay1')}${h('web3', ', parents: [web1]')}` });
  const t0 = rig.clock.now();
  await must(rig, 'planMaintenance', { id: null, by: 'Kim', plan: { name: 'site work', kind: 'fixed', from: t0 + MINUTE, to: t0 + HOUR, durationMs: null, schedule: null, affects: ['sd'], spares: ['pay1'], reason: '' } });
  await rig.clock.advance(10 * MINUTE);
  off(rig, 'refused', 'pay1', 'web1');
  await rig.clock.advance(5 * MINUTE);
  console.log('SPARES', openAlerts(rig).map((a) => a.title), standing(rig, 'pay1'));
});
it('restart in an alert, with ack, while cut off, crash', async () => {
  let rig = await start({ inventory: `${head}hosts:\n${h('gw')}${h('web1', ', parents: [gw]')}${h('web2', ', parents: [gw]')}` });
  await rig.clock.advance(10 * MINUTE);
  off(rig, 'refused', 'gw', 'web1', 'web2');
  await rig.clock.advance(5 * MINUTE);
  await must(rig, 'acknowledge', { alerts: openAlerts(rig).map((it) => it.id), by: 'Kim', comment: 'on it', sticky: false, until: null, takeOver: false });
  rig.stop();
  await rig.clock.advance(3 * HOUR);
  rig = await start({ before: rig });
  console.log('RESTART at once', alerts(rig), ['gw', 'web1', 'web2'].map((w) => standing(rig, w)));
  await rig.clock.advance(3 * MINUTE);
  console.log('RESTART\n' + alerts(rig) + '\n' + log(rig), ['gw', 'web1', 'web2'].map((w) => standing(rig, w)), rig.announced);
  off(rig, 'ok', 'gw', 'web1', 'web2');
  await rig.clock.advance(3 * MINUTE);
  console.log(log(rig));
});
it('reload in the middle', async () => {
  const inv = `${head}hosts:\n${h('gw')}${h('web1', ', parents: [gw]')}${h('web2', ', parents: [gw]')}`;
  const rig = await start({ inventory: inv });
  await rig.clock.advance(10 * MINUTE);
  off(rig, 'refused', 'gw', 'web1', 'web2', 'gwnew');
  await rig.clock.advance(5 * MINUTE);
  await rig.rewrite(inv.replaceAll('gw,', 'gwnew,').replaceAll('gw.test', 'gwnew.test').replaceAll('[gw]', '[gwnew]'));
  console.log('RENAMED\n' + alerts(rig), ['gwnew', 'web1', 'web2'].map((w) => standing(rig, w)));
  await rig.clock.advance(3 * MINUTE);
  console.log('RENAMED later\n' + alerts(rig) + '\n' + log(rig), ['gwnew', 'web1', 'web2'].map((w) => standing(rig, w)));
  await rig.rewrite(`organization: { name: Empty, timezone: UTC }\n`);
  await rig.clock.advance(3 * MINUTE);
  console.log('EMPTY\n' + alerts(rig) + '\n' + log(rig), JSON.stringify(rig.tables().desk.desk?.lastCompleteCycleAt));
});
it('clock back', async () => {
  const rig = await start({ inventory: `${head}hosts:\n${h('web1')}${h('web2')}` });
  await rig.clock.advance(10 * MINUTE);
  rig.clock.jump(30 * DAY);
  await rig.clock.advance(10 * MINUTE);
  rig.clock.jump(-30 * DAY);
  await rig.clock.advance(MINUTE);
  const t0 = rig.clock.now();
  console.log('CLOCK', alerts(rig), log(rig), standing(rig, 'web1'));
  off(rig, 'refused', 'web1');
  await rig.clock.advance(10 * MINUTE);
  console.log('CLOCK', alerts(rig), log(rig), standing(rig, 'web1'));
  off(rig, 'ok', 'web1');
  await rig.clock.advance(HOUR);
  console.log(JSON.stringify((await uptime(rig, t0)).web1?.parts), JSON.stringify((await uptime(rig, t0, t0 + 40 * DAY)).web1?.parts));
});
it('all fails at first look', async () => {
  const rig = await start({ inventory: `${head}hosts:\n${Array.from({ length: 40 }, (_, n) => h(`w${n}`)).join('')}`, answers: new Map(['gwd', 'far', ...Array.from({ length: 40 }, (_, n) => `w${n}`)].map((id) => [id, 'refused'])) });
  await rig.clock.advance(10 * MINUTE);
  console.log('FIRST LOOK', openAlerts(rig).length, rig.announced.length);
});
