/** The engine's process is killed while a test message is on its way, again and again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MailStack, startMailStack } from '../support/mail-stack.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

const program = fileURLToPath(new URL('../support/mail-engine.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
let stack: MailStack;
let child: ChildProcess | undefined;
const kill = async (): Promise<void> => {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
};

describe.runIf(isRoot)('kill -9 while a test message is on its way', () => {
  beforeAll(async () => {
    stack = await startMailStack();
  });
  afterEach(kill);
  afterAll(async () => {
    await stack?.stop();
    removeTemporaryFolders();
  });

  it('leaves never more than a handful in the mailbox, and the next run removes them', async () => {
    const folder = temporaryFolder('killed-mail');
    const { ports, mailbox, caFile, serverName, host } = stack;
    const server = `address: ${host}, caFile: ${caFile}, serverName: ${serverName}, user: ${mailbox.user}, passwordSecret: mail-probe`;
    writeFileSync(
      join(folder, 'inventory.yaml'),
      `mail:
  - id: mail
    domain: example.net
    checks:
      - type: roundtrip
        interval: 2s
        timeout: 20s
        slowDegraded: 10s
        slowDown: 10s
        pollEvery: 500ms
        send: { ${server}, port: ${ports.submission} }
        fetch: { ${server}, port: ${ports.imaps} }
        from: ${mailbox.address}
        to: ${mailbox.address}
`,
    );
    let most = 0;
    const start = (round: number): (() => string) => {
      child = spawn(process.execPath, [program, join(folder, `data-${round}`), join(folder, 'inventory.yaml'), mailbox.password]);
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
      return () => said;
    };
    const taken = (): number => stack.log('maillog').split('(queue active)').length - 1;
    const lies = (): number => {
      const now = stack.messages().length;
      most = Math.max(most, now);
      return now;
    };
    const until = async (what: () => boolean, said: () => string): Promise<void> => {
      for (const end = performance.now() + 20_000; !what(); await wait(20)) {
        if (performance.now() > end) throw new Error(`it does not come to pass: ${said()}${stack.log()}`);
        lies();
      }
    };
    // Each message is accepted at once and delivered after the process that sent it is dead.
    const mend = await stack.delayDelivery(700);
    for (let round = 0; round < 6; round += 1) {
      const before = taken();
      const said = start(round);
      await until(() => taken() > before, said);
      await kill();
      await until(() => stack.queue().length === 0, said);
    }
    expect(taken()).toBe(6);
    expect(most).toBeGreaterThan(1);
    await mend();
    // What was sent within the last half minute is left alone but for three: somebody may be looking for it.
    const said = start(9);
    const before = taken();
    await until(() => taken() >= before + 2, said);
    await until(() => lies() <= 3, said);
    expect(most).toBeLessThanOrEqual(5);
  });
});
