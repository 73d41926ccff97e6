import { it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { must, openAlerts, standing, uptime, rigsOfThisFile, type Rig } from '../../support/engine-rig.ts';
import { describeEvent } from '../../../shared/model/describe-event.ts';
const start = rigsOfThisFile();
const log = (rig: Rig, kinds = /alert|ack|maint|desk|cut|silence|flapp/) => rig.events.filter((e) => kinds.test(e.kind)).map((e) => `  ${new Date(e.at).toISOString().slice(5, 19)} ${e.kind} ${JSON.stringify(e.payload).slice(0, 260)}`).join('\n');
const alerts = (rig: Rig) => Object.values(rig.tables().alerts).map((a) => `  [${a.endedAt ? 'ended' : 'OPEN'}] ${a.subject.kind}:${a.subject.id} ${a.severity} “${a.title}”\n      ${a.text}\n      checks ${a.checks.join(' ')} | cons ${a.consequences.join(' ')} | related ${a.related.map((r) => r.text).join('; ')}`).join('\n');
const head = `organization: { name: Test, timezone: America/New_York }
defaults: { interval: 30s, retryInterval: 10s, timeout: 5s, maxAttempts: 3 }
`;
const h = (id: string, more = '', checks = `{ type: icmp }, { type: tcp, name: ssh, port: 22 }, { type: tcp, name: web, port: 80 }`) => `  - { id: ${id}, address: ${id}.test, site: sd, checks: [${checks}]${more} }\n`;

it('hijack', async () => {
  const inv = `${head}desk: { anchors: [{ type: icmp, name: gateway, address: gwd.test, interval: 10s }, { type: icmp, name: far, address: far.test, interval: 10s }] }
sites: [{ id: sd, name: San Diego }]
links:
  - { id: level3, site: sd, provider: Level3, gateway: g1.test }
  - { id: cox, site: sd, provider: Cox, gateway: g2.test }
prefixes:
${[1, 2, 3, 4, 5].map((n) => `  - { id: p${n}, cidr: 198.18.${n}.0/24, site: sd, via: [level3, cox], representatives: [198.18.${n}.1, 198.18.${n}.2] }\n`).join('')}hosts:
${[1, 2, 3, 4, 5].flatMap((n) => [1, 2, 3].map((k) => h(`s${n}${k}`, `, parents: [p${n}]`))).join('')}services:
  - { id: web, name: web sites, hosts: [s11, s21, s31, s41, s51] }
`;
  const rig = await start({ inventory: inv });
  await rig.clock.advance(10 * MINUTE);
  const bad = (a: 'ok' | 'refused', ns: number[]) => { for (const n of ns) { for (const k of [1, 2]) rig.answers.set(`198.18.${n}.${k}`, a); for (const k of [1, 2, 3]) rig.answers.set(`s${n}${k}`, a); } };
  bad('refused', [1, 2, 3]);
  await rig.clock.advance(30 * MINUTE);
  console.log('HIJACK during\n' + alerts(rig) + '\n web ' + ['s11/icmp', 'p1/icmp-198.18.1.1', 'p4/icmp-198.18.4.1'].map((c) => `${c}=${standing(rig, c)}`));
  bad('ok', [1]);
  await rig.clock.advance(25 * MINUTE);
  bad('ok', [2, 3]);
  await rig.clock.advance(20 * MINUTE);
  console.log('HIJACK after\n' + alerts(rig) + '\n' + log(rig) + '\n' + rig.announced.map((it) => `${it.kind} ${it.title}`).join('\n'));
  const up = await uptime(rig, rig.clock.now() - 80 * MINUTE);
  for (const id of ['sd', 'p1', 's11', 'web', 'level3']) console.log(id, JSON.stringify(up[id]?.parts), up[id]?.availability);
});

it('routine', async () => {
  // clock begins Fri 2026-11-20 05:00Z (Fri). Routine at 05:30Z Friday
  const inv = `${head}sites: [{ id: sd, name: San Diego }]
routines: [{ id: weekly, name: weekly log rotation, schedule: "30 0 * * 5", usually: 5m, restarts: [web1] }]
hosts:
${h('web1', '', '{ type: icmp }, { type: tcp, name: ssh, port: 22 }, { type: tcp, name: http, port: 80 }, { type: tcp, name: https, port: 443 }')}${h('mail1')}`;
  const rig = await start({ inventory: inv });
  await must(rig, 'addChanges', { by: 'Kim', changes: [{ at: rig.clock.now() - 3 * 24 * HOUR, subject: 'web1', text: 'security patches', by: '' }] });
  await rig.clock.advance(30 * MINUTE + 20 * SECOND);
  rig.answers.set('web1:80', 'refused'); rig.answers.set('web1:443', 'refused');
  await rig.clock.advance(3 * MINUTE);
  console.log('ROUTINE inside', openAlerts(rig).length, standing(rig, 'web1/http'));
  await rig.clock.advance(10 * MINUTE);
  console.log('ROUTINE\n' + alerts(rig) + '\n' + log(rig));
  rig.answers.clear();
  await rig.clock.advance(10 * MINUTE);
  console.log(log(rig), JSON.stringify((await uptime(rig, rig.clock.now() - 50 * MINUTE))['web1/http']?.parts));
});

it('upgrade overrun', async () => {
  const inv = `${head}sites: [{ id: sd, name: San Diego }]
hosts:
${h('web1', '', '{ type: icmp }, { type: tcp, name: http, port: 80 }')}${h('mail1')}
services: [{ id: shop, name: web shop, hosts: [web1], checks: [{ type: tcp, name: content, port: 81 }] }]
`;
  const rig = await start({ inventory: inv });
  const t0 = rig.clock.now();
  await must(rig, 'planMaintenance', { id: null, by: 'Kim', plan: { name: 'server upgrade', kind: 'fixed', from: t0 + 10 * MINUTE, to: t0 + 5 * HOUR, durationMs: null, schedule: null, affects: ['web1'], spares: ['mail1'], reason: '' } });
  await rig.clock.advance(12 * MINUTE);
  rig.answers.set('web1', 'refused');
  const wrong = { failure: { code: 'protocol', detail: 'wrong content' } } as never;
  await rig.clock.advance(2 * HOUR);
  console.log('UPGRADE in', openAlerts(rig).length, standing(rig, 'web1/http'), standing(rig, 'shop/content'));
  rig.answers.delete('web1'); rig.answers.set('web1:81', 'refused');
  await rig.clock.advance(2 * HOUR);
  await rig.clock.advance(2 * HOUR);
  console.log('UPGRADE over\n' + alerts(rig) + '\n' + log(rig) + JSON.stringify(Object.values(rig.tables().windows).map((w) => [w.running, w.overrunSince])));
  rig.answers.clear();
  await rig.clock.advance(10 * MINUTE);
  const up = await uptime(rig, t0);
  console.log(log(rig).split('\n').slice(-2).join('\n')); for (const id of ['web1', 'shop', 'web1/http', 'shop/content']) console.log(id, JSON.stringify(up[id]?.parts));
});

it('server lost', async () => {
  const inv = `${head}sites: [{ id: sd, name: San Diego }]
hosts:
${h('web1', '', '{ type: icmp }, { type: tcp, name: ssh, port: 22 }, { type: tcp, name: db, port: 3306 }, { type: tcp, name: http, port: 80 }')}
services: [{ id: shop, name: web shop, hosts: [web1], checks: [{ type: tcp, name: login, port: 81 }] }]
`;
  const rig = await start({ inventory: inv });
  await rig.clock.advance(10 * MINUTE);
  rig.answers.set('web1:3306', 'refused');
  await rig.clock.advance(4 * MINUTE);
  rig.answers.set('web1:22', 'refused'); rig.answers.set('web1:81', 'refused');
  await rig.clock.advance(4 * MINUTE);
  console.log('LOST early\n' + alerts(rig));
  rig.answers.clear(); rig.answers.set('web1', 'refused');
  await rig.clock.advance(4 * MINUTE);
  for (let i = 0; i < 6; i++) { rig.answers.set('web1', 'ok'); await rig.clock.advance(2 * MINUTE); rig.answers.set('web1', 'refused'); await rig.clock.advance(4 * MINUTE); }
  console.log('LOST boot loop\n' + alerts(rig) + '\n' + log(rig));
});
