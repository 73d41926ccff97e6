/** What windows ask for of the newest probes: facts as they are, not in words. */
import { afterAll, describe, expect, it } from 'vitest';
import { answer } from '../../../shared/bind.ts';
import { engineContract } from '../../../shared/contract.ts';
import { MINUTE } from '../../../shared/time.ts';
import { inventoryOf, startRig } from '../../support/engine-rig.ts';
import { removeTemporaryFolders } from '../../support/temporary-folder.ts';

afterAll(removeTemporaryFolders);

describe('facts', () => {
  it('gives those of the newest probe with what was made of them, and null for what is not known', async () => {
    const rig = await startRig({ inventory: inventoryOf(['web1', 'web2']) });
    const ask = (checks: string[]) =>
      answer(engineContract, rig.engine.handlers, 'facts', { checks }, (error) => {
        throw error;
      });
    try {
      expect(await ask(['web1/tcp'])).toEqual({ ok: true, value: { 'web1/tcp': null } });
      rig.answers.set('web2', 'refused');
      await rig.clock.advance(MINUTE);
      const at = rig.clock.now() - rig.clock.monotonic() + (rig.probed.get('web2')?.at(-1) as number);
      expect(await ask(['web1/tcp', 'web2/tcp', 'gone/tcp'])).toMatchObject({
        ok: true,
        value: {
          'web1/tcp': { verdict: { state: 'ok' } },
          'web2/tcp': { at, facts: { failure: { code: 'refused' } }, verdict: { state: 'down' } },
          'gone/tcp': null,
        },
      });
      expect(await ask(Array.from({ length: 2_001 }, () => 'x'))).toMatchObject({ ok: false });
    } finally {
      rig.stop();
    }
  });
});

it('nothing is kept of checks and heartbeats that have left the inventory', async () => {
  const rig = await startRig({ inventory: inventoryOf(['web1', 'web2']) });
  try {
    await rig.clock.advance(MINUTE);
    const nothing = { samples: [], events: [], states: [], alerts: [], spells: [], windows: [], silences: [] };
    const documents: [string, string][] = ['facts:web1/tcp', 'facts:web2/tcp', 'push:nightly'].map((key) => [key, '{}']);
    expect(rig.store.commit({ ...nothing, documents }).ok).toBe(true);
    await rig.rewrite(inventoryOf(['web1']));
    await rig.clock.advance(5_000);
    expect([...rig.store.documentKeys('facts:'), ...rig.store.documentKeys('push:')]).toEqual(['facts:web1/tcp']);
  } finally {
    rig.stop();
  }
});
