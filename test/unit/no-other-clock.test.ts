/**
 * The engine has no other clock than the one it is given, and no chance that nobody can repeat: else a drill would not be the same again,
 * and what is tested on a clock of its own would not be what runs. test/unit/drills/same-again.test.ts plays drills at another date.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folders = ['electron/drill', 'electron/engine', 'electron/inventory', 'electron/notify', 'electron/store', 'shared'];

/** What asks the computer for its time, waits by it, or draws what cannot be drawn again. */
const clocks =
  /Date\.now\b|new Date\(\s*\)|(?<![.\w]|new )Date\(|performance\.(?:now|timeOrigin)|process\.(?:hrtime|uptime)|(?<![.\w])set(?:Timeout|Interval|Immediate)\(|node:timers|AbortSignal\.timeout|DateTime\.(?:now|local|utc)\(\s*\)|Temporal\.Now|Math\.random|random(?:UUID|Bytes|Int|FillSync)\b|(?<![.\w])ulid\(/g;

/** Files that may, and how often: they are no part of what a drill plays. */
const allowed: Record<string, { times: number; why: string }> = {
  'electron/drill/process.ts': { times: 1, why: 'tells every few seconds that it is alive' },
  'electron/drill/session.ts': { times: 4, why: 'the loop that lets a drill go on at a speed; its times reach no event' },
  'electron/engine/cli-drill.ts': { times: 2, why: 'tells how long it took to play' },
  'electron/engine/clock.ts': { times: 3, why: 'the one clock of the real engine' },
  'electron/engine/discover.ts': { times: 2, why: 'looks at a real address when somebody adds a server' },
  'electron/engine/process.ts': { times: 1, why: 'tells every few seconds that it is alive' },
  'electron/engine/push-listener.ts': { times: 2, why: 'a key against guessing how tokens compare' },
  'electron/inventory/read.ts': { times: 1, why: 'the moment of reading, where nobody names one; a drill names its start' },
  'electron/inventory/watch.ts': { times: 2, why: 'follows a file on the disk' },
  'electron/inventory/write.ts': { times: 2, why: 'names of temporary files, and waits for the disk' },
  'electron/notify/command.ts': { times: 2, why: 'runs a real program; a drill has senders of its own' },
  'electron/notify/email.ts': { times: 1, why: 'sends; a drill has senders of its own' },
  'electron/notify/http.ts': { times: 1, why: 'sends; a drill has senders of its own' },
  'electron/store/ask-worker.ts': { times: 2, why: 'a second thread for long questions, which a drill does not have' },
};

const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name}`),
);
/** Without comments, which may talk of anything. */
const codeOf = (file: string): string =>
  readFileSync(join(root, file), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(?<=^|\s)\/\/.*$/gm, '');

describe('the code of the engine', () => {
  it('looks at no clock and draws no chance of its own, but for what is no part of a drill', () => {
    const found = sources.map((file) => [file, codeOf(file).match(clocks)?.length ?? 0] as const).filter(([, times]) => times > 0);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Object.entries(allowed).map(([file, { times }]) => [file, times])));
  });
  it.each([
    'const at = Date.now();',
    'const at = new Date();',
    'const at = performance.now();',
    'setTimeout(later, 5);',
    "import { setTimeout } from 'node:timers/promises';",
    'const at = DateTime.now();',
    'const luck = Math.random();',
    'const id = randomUUID();',
  ])('%s would be found', (line) => {
    expect(line.match(clocks)).not.toBeNull();
  });
  it.each([
    'const at = new Date(moment);',
    'clock.after(5, later);',
    'DateTime.fromMillis(at)',
    'clearTimeout(timer)',
    'today.toISODate()',
  ])('%s is fine', (line) => {
    expect(line.match(clocks)).toBeNull();
  });
});
