import { expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { hostLine, inventoryHead, must, openAlerts, standing, uptime, rigsOfThisFile } from '../../support/engine-rig.ts';
const start = rigsOfThisFile();
it('stale stretch', async () => {
  const rig = await start({ inventory: `${inventoryHead}hosts:\n${hostLine('web1')}${hostLine('web2')}` });
  const t0 = rig.clock.now();
  await rig.clock.advance(10 * MINUTE);
  rig.answers.set('web1', 'refused');
  await rig.clock.advance(10 * MINUTE);
  rig.answers.set('web1', 'ok');
  await rig.clock.advance(10 * MINUTE);
  console.log('before', JSON.stringify((await uptime(rig, t0))['web1/tcp']?.parts));
  rig.clock.stepWall?.(0);
  // stale by a hang
  rig.answers.set('web1', 'hang');
  await rig.clock.advance(10 * MINUTE);
  console.log('hang', standing(rig, 'web1'), JSON.stringify((await uptime(rig, t0))['web1/tcp']?.parts));
  rig.answers.set('web1', 'ok');
  await rig.clock.advance(10 * MINUTE);
  console.log('after', standing(rig, 'web1'), JSON.stringify((await uptime(rig, t0))['web1/tcp']?.parts));
});
it('acked web1, then its parent fails for a while', async () => {
  const rig = await start({ inventory: `${inventoryHead}hosts:\n${hostLine('gw')}${hostLine('web1', ', parents: [gw]')}${hostLine('web2', ', parents: [gw]')}` });
  await rig.clock.advance(10 * MINUTE);
  rig.answers.set('web1', 'refused');
  await rig.clock.advance(10 * MINUTE);
  await must(rig, 'acknowledge', { alerts: openAlerts(rig).map((it) => it.id), by: 'Kim', comment: 'disk ordered', sticky: true, until: null, takeOver: false });
  rig.answers.set('gw', 'refused'); rig.answers.set('web2', 'refused');
  await rig.clock.advance(30 * MINUTE);
  rig.answers.set('gw', 'ok'); rig.answers.set('web2', 'ok');
  await rig.clock.advance(30 * MINUTE);
  console.log(rig.events.filter((e) => /alert|ack/.test(e.kind)).map((e) => `${new Date(e.at).toISOString().slice(11, 19)} ${e.kind} ${JSON.stringify(e.payload)}`).join('\n'));
  console.log(rig.announced.map((it) => `${it.kind} ${it.title}`));
});
