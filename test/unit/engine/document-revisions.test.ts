/** What a person wrote is among the revisions, however it went out of sight. */
import { expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../shared/time.ts';
import { hostLine, inventoryHead, must, openAlerts, rigsOfThisFile, untilSo } from '../../support/engine-rig.ts';

const start = rigsOfThisFile();

it('text of a minute ago is still there after an older state was brought back', async () => {
  const rig = await start({ inventory: `${inventoryHead}hosts:\n${hostLine('web1')}` });
  await rig.clock.advance(5 * MINUTE);
  rig.answers.set('web1', 'refused');
  await untilSo(rig, () => openAlerts(rig).length === 1);
  const about = {
    title: 'x',
    severity: 'minor',
    lead: null,
    alerts: [openAlerts(rig)[0]?.id as string],
    subjects: [],
    from: null,
    to: null,
  } as const;
  const { id: incident } = await must(rig, 'openIncident', { ...about, alerts: [...about.alerts], subjects: [], by: 'Ada' });
  const options = { zone: 'UTC', clock: '24h' } as const;
  const paper = await must(rig, 'openDocument', { kind: 'post-mortem', incident, window: null, options, by: 'Ada' });
  const write = async (text: string, revision: number) => {
    await rig.clock.advance(20 * SECOND);
    const sections = paper.sections.map(({ key, title, text: was }, index) => ({ key, title, text: index === 0 ? text : was }));
    return (await must(rig, 'saveDocument', { document: paper.id, revision, by: 'Ada', title: paper.title, sections })).revision;
  };
  // The answer was lost, and it is sent again: nobody else has written anything.
  const first = await write('M', 1);
  expect(await write('M', 1)).toBe(first);
  const typed = await write('My first words.', await write('My', first));
  await rig.clock.advance(5 * SECOND);
  await must(rig, 'restoreRevision', { document: paper.id, revision: 1, by: 'Ada' });
  const kept = await must(rig, 'revision', { document: paper.id, revision: typed });
  expect(kept.sections[0]?.text).toBe('My first words.');
});
