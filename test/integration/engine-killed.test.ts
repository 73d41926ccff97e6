/** The engine's process is killed in the middle of people's writing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../electron/engine/open-engine.ts';
import { openStoreToRead } from '../../electron/store/store.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { freePort } from '../support/servers.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

const program = fileURLToPath(new URL('../support/writing-engine.ts', import.meta.url));
afterAll(removeTemporaryFolders);

describe('kill -9 while people write', () => {
  it('loses nothing that was said to be saved, five times in a row on the same folder', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder('killed');
    const data = join(folder, 'data');
    const inventory = join(folder, 'inventory.yaml');
    writeFileSync(
      inventory,
      `defaults: { interval: 1s, retryInterval: 1s, timeout: 500ms, maxAttempts: 1 }\nhosts:\n  - { id: a, address: 127.0.0.1, checks: [{ type: tcp, port: ${await freePort()} }] }\n`,
    );
    let notes = 0;
    let acknowledged = '';
    for (let round = 0; round < 5; round += 1) {
      const child = spawn(process.execPath, [program, data, inventory], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      let complaint = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
      for (const end = performance.now() + 10_000; !said.includes('acknowledged'); ) {
        if (child.exitCode !== null || performance.now() > end) throw new Error(`it wrote nothing: ${complaint}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await new Promise((resolve) => setTimeout(resolve, 37 * round));
      child.kill('SIGKILL');
      await once(child, 'close');
      const lines = said.split('\n').slice(0, -1);
      const told = lines.filter((line) => line.startsWith('note'));
      expect(told.length).toBeGreaterThan(0);
      acknowledged = lines.filter((line) => line.startsWith('acknowledged')).at(-1) as string;

      const opened = openStoreToRead(data);
      if (!opened.ok) throw new Error(opened.failure.text);
      const events = opened.value.recentEvents(100_000);
      const texts = events.flatMap((event) => (event.kind === 'note' ? event.payload.text : []));
      expect(texts.slice(notes, notes + told.length)).toEqual(told);
      notes = texts.length;
      const [, n, id] = acknowledged.split(' ');
      expect(events.filter((event) => event.kind === 'acknowledged' && event.actor === `Ada ${n}`).length).toBeGreaterThan(0);
      const open = opened.value.loadAlerts(Number.MAX_SAFE_INTEGER);
      expect(open).toMatchObject([{ id, acknowledgement: { comment: 'on it' } }]);
      // It may have been taken on once more without having had the time to say so.
      expect(Number(open[0]?.acknowledgement?.by.split(' ')[1])).toBeGreaterThanOrEqual(Number(n));
      expect(events.filter((event) => event.kind === 'alert-raised')).toHaveLength(1);
      opened.value.close();
    }

    const events: NightEvent[] = [];
    const historyWorker = new URL('../../electron/store/history-worker.ts', import.meta.url);
    const last = await openEngine({
      version: '1.2.3',
      dataFolder: data,
      inventoryFile: inventory,
      historyWorker,
      secret: () => undefined,
      secrets: () => [],
      onEvent: (event) => void events.push(event),
    });
    if (!last.ok) throw new Error(last.failure.text);
    await last.value.start();
    expect(Object.values(last.value.publisher.tables.alerts)).toMatchObject([
      { id: acknowledged.split(' ')[2], acknowledgement: { comment: 'on it' } },
    ]);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    last.value.stop();
    expect(events.filter((event) => ['alert-raised', 'store-set-aside', 'acknowledgement-cleared'].includes(event.kind))).toEqual([]);
  });
});
