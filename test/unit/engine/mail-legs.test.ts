/** A night of a mail stack in the engine: each fault raises the leg that failed, and no other. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Facts } from '../../../shared/checks/types.ts';
import { MINUTE, SECOND } from '../../../shared/time.ts';
import { type Rig, startRig } from '../../support/engine-rig.ts';
import { removeTemporaryFolders } from '../../support/temporary-folder.ts';

afterAll(removeTemporaryFolders);

const text = `organization: { name: Test, timezone: UTC }
defaults: { retryInterval: 10s }
mail:
  - id: m
    domain: example.net
    servers: { submission: { address: smtp.test, tls: false }, imap: { address: imap.test, starttls: false } }
    mailbox: { address: a@example.net, passwordSecret: s }
    queue: { source: local }
    records: false
    relayTo: false
`;
const refused: Facts = { failure: { code: 'refused', detail: 'connection refused' } };
const doors = { smtp: 'ok', imap: 'ok', mail: 'moves', queue: 'ok' };
type Doors = { -readonly [K in keyof typeof doors]: string };

async function start(): Promise<Rig & { doors: Doors }> {
  const state: Doors = { ...doors };
  const good = { address: '192.0.2.1', connectMs: 1, greetingMs: 2, stage: 'done', login: 'accepted', protocol: 'TLSv1.3', totalMs: 20 };
  const sending = {
    ...good,
    starttls: true,
    plainAuthOffered: false,
    plainMail: 'refused',
    mechanisms: ['PLAIN'],
    recipient: 'accepted',
    relay: 'refused',
  };
  const probes = {
    smtp: async () => (state.smtp === 'ok' ? sending : refused),
    imap: async () => (state.imap === 'ok' ? { ...good, messages: 0 } : refused),
    queue: async () => (state.queue === 'ok' ? { source: 'local', total: 0, active: 0, incoming: 0, deferred: 0, hold: 0 } : refused),
    roundtrip: async () => {
      if (state.smtp !== 'ok') return { ...refused, failedAt: 'send', stage: 'submit' };
      if (state.imap !== 'ok') return { ...refused, failedAt: 'read', stage: 'accepted' };
      return state.mail === 'moves'
        ? { stage: 'done', totalMs: 900, foundMs: 800, deleted: true }
        : { stage: 'accepted', queueId: '4XyZ', waitedMs: 120_000 };
    },
  };
  const rig = await startRig({ inventory: text, probes });
  await rig.clock.advance(11 * MINUTE);
  expect(rig.told('alert-raised')).toEqual([]);
  return Object.assign(rig, { doors: state });
}
const alerts = (rig: Rig): string[] =>
  Object.values(rig.tables().alerts)
    .filter((it) => it.endedAt === null)
    .map((it) => `${it.subject.id}: ${it.checks.join(' ')}${it.consequences.length > 0 ? ` (${it.consequences.join(' ')})` : ''}`)
    .sort();

describe('one fault of a mail stack, one alert', () => {
  it.each<[what: string, broken: Partial<Doors>, wanted: string[]]>([
    ['nobody can read', { imap: 'refused' }, ['m.reading: m.reading/imaps (m.delivery/roundtrip)']],
    ['nobody can send', { smtp: 'refused' }, ['m.sending: m.sending/submission (m.delivery/roundtrip)']],
    ['mail does not move', { mail: 'held' }, ['m.delivery: m.delivery/roundtrip']],
    [
      'neither reading nor sending',
      { imap: 'refused', smtp: 'refused' },
      // They began together: one alert of the entry.
      ['m: m.reading/imaps m.sending/submission (m.delivery/roundtrip)'],
    ],
  ])(
    '%s',
    async (_what, broken, wanted) => {
      // Whatever is looked at first: the fault begins at another place of the cycle each time.
      for (let second = 0; second < 300; second += 75) {
        const rig = await start();
        await rig.clock.advance(second * SECOND);
        Object.assign(rig.doors, broken);
        await rig.clock.advance(14 * MINUTE);
        expect(alerts(rig)).toEqual(wanted);
        Object.assign(rig.doors, doors);
        await rig.clock.advance(11 * MINUTE);
        expect(alerts(rig)).toEqual([]);
        expect(rig.told('alert-raised')).toHaveLength(wanted.length);
        rig.stop();
      }
    },
    60_000,
  );

  it('a round trip that fails first has its doors looked at before anything is raised', async () => {
    const rig = await start();
    rig.doors.imap = 'refused';
    await rig.clock.advance(14 * MINUTE);
    const raised = rig.told('alert-raised');
    expect(raised.map((it) => it.subject?.id)).toEqual(['m.reading']);
    rig.stop();
  });
});
