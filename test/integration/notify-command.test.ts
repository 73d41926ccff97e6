/** The command channel with real programs. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sendCommand } from '../../electron/notify/command.ts';
import { channelSchemas } from '../../shared/model/notify.ts';
import { hostile, messageOf, sendContext } from '../support/notify-message.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightdesk-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);
const run = (
  argv: string[],
  more: { timeout?: string; message?: ReturnType<typeof messageOf>; signal?: AbortSignal; people?: string[] } = {},
) =>
  sendCommand(
    channelSchemas.command.parse({ id: 'c', type: 'command', argv, ...(more.timeout === undefined ? {} : { timeout: more.timeout }) }),
    more.message ?? messageOf(),
    sendContext({}, { people: more.people ?? [], ...(more.signal ? { signal: more.signal } : {}) }),
  );
/** A Node program in a file of its own. */
const program = (name: string, source: string): string[] => {
  writeFileSync(inFolder(name), source);
  return [process.execPath, inFolder(name)];
};
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie has ended, but nobody has asked how.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('command', () => {
  it('gets the message as JSON on standard input and in variables, and nothing else of ours', async () => {
    process.env.NIGHTDESK_SECRET_TEST = 'hush';
    process.env.SOME_TOKEN = 'hush';
    const argv = program(
      'keep.mjs',
      `import { writeFileSync } from 'node:fs'; let s = ''; for await (const c of process.stdin) s += c; writeFileSync(${JSON.stringify(inFolder('kept.json'))}, JSON.stringify({ env: process.env, stdin: JSON.parse(s), argv: process.argv.slice(2) })); console.log('done');`,
    );
    const message = messageOf({ title: `$(touch ${inFolder('pwned')}) \`id\` ; ${hostile}` });
    const sent = await run([...argv, '--to', '$HOME; rm -rf'], { message, people: ['Ada', 'Bo'] });
    delete process.env.NIGHTDESK_SECRET_TEST;
    delete process.env.SOME_TOKEN;
    expect(sent).toEqual({ ok: true, value: { reply: 'exit code 0: done' } });
    const kept = JSON.parse(readFileSync(inFolder('kept.json'), 'utf8'));
    expect(kept.stdin).toEqual(message);
    expect(kept.argv).toEqual(['--to', '$HOME; rm -rf']);
    expect(kept.env).toMatchObject({
      NIGHTDESK_KIND: 'problem',
      NIGHTDESK_SEVERITY: 'down',
      NIGHTDESK_TITLE: message.title,
      NIGHTDESK_TEXT: message.text,
      NIGHTDESK_WHEN: '2026-11-20 05:39:12 PST',
      NIGHTDESK_KEY: '01ALERT',
      NIGHTDESK_ORGANIZATION: 'Example Hosting',
      NIGHTDESK_PEOPLE: 'Ada, Bo',
    });
    expect(JSON.stringify(kept.env)).not.toContain('hush');
    expect(existsSync(inFolder('pwned'))).toBe(false);
  });

  it.each([
    ['no output', ['/bin/true'], true, 'exit code 0'],
    ['does not read what it is told', ['/bin/echo', 'hi'], true, 'exit code 0: hi'],
    ['another exit code', ['/bin/sh', '-c', 'echo no modem >&2; exit 3'], false, 'the command ended with exit code 3: no modem'],
    ['ended by a signal', ['/bin/sh', '-c', 'kill -9 $$'], false, 'the command was ended by SIGKILL'],
    ['no such program', ['/nowhere/at/all'], false, 'there is no such program'],
    ['no program at all', ['/etc/passwd'], false, 'the program may not be run'],
    ['escapes in its output', ['/usr/bin/printf', '\\033[31mred\\033[0m\\a\\nline'], true, 'exit code 0: red line'],
  ] as const)('%s', async (_name, argv, taken, words) => {
    const sent = await run([...argv]);
    expect(sent.ok).toBe(taken);
    expect(sent.ok ? sent.value.reply : sent.failure.text).toBe(words);
    if (!sent.ok) expect(sent.failure.permanent).toBe(argv[0].startsWith('/nowhere') || argv[0] === '/etc/passwd');
  });

  it('endless output is read no further than its beginning, and does not hold it up', async () => {
    const sent = await run(['/bin/sh', '-c', 'head -c 20000000 /dev/zero | tr "\\0" x']);
    expect(sent).toMatchObject({ ok: true });
    expect(JSON.stringify(sent).length).toBeLessThan(300);
  });

  it('is ended at its time-out, with all that it started', async () => {
    const script = `sleep 300 & echo $! > ${inFolder('child.pid')}; echo $$ > ${inFolder('own.pid')}; sleep 300`;
    const startedAt = performance.now();
    const sent = await run(['/bin/sh', '-c', script], { timeout: '1s' });
    expect(sent).toEqual({
      ok: false,
      failure: { code: 'timeout', text: 'the command did not end within 1.0 s and was stopped', permanent: false },
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const pids = ['child.pid', 'own.pid'].map((name) => Number(readFileSync(inFolder(name), 'utf8')));
    for (let tries = 0; tries < 100 && pids.some(isAlive); tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('is ended when the desk stops', async () => {
    const closing = new AbortController();
    const running = run(['/bin/sleep', '300'], { signal: closing.signal });
    setTimeout(() => closing.abort(), 100);
    expect(await running).toMatchObject({ ok: false, failure: { code: 'stopped' } });
  });

  it('a program that leaves something running is done when it has ended itself', async () => {
    const startedAt = performance.now();
    const sent = await run(['/bin/sh', '-c', `sleep 20 & echo $! > ${inFolder('left.pid')}; echo off`]);
    expect(sent).toMatchObject({ ok: true });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    process.kill(Number(readFileSync(inFolder('left.pid'), 'utf8')), 'SIGKILL');
  });
});
