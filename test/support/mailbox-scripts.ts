/** Mail servers that do what real ones will not, and a probe of imap, pop3 or sieve run as the runner runs it. */
import type { Socket } from 'node:net';
import { expect } from 'vitest';
import { probeImap } from '../../electron/probes/imap.ts';
import { probePop3 } from '../../electron/probes/pop3.ts';
import { probeSieve } from '../../electron/probes/sieve.ts';
import type { Probe } from '../../electron/probes/types.ts';
import { imap } from '../../shared/checks/imap.ts';
import { pop3 } from '../../shared/checks/pop3.ts';
import { sieve } from '../../shared/checks/sieve.ts';
import type { CheckDefinition, Facts } from '../../shared/checks/types.ts';
import { probeContext } from './probe-context.ts';
import { type Started, startTcp } from './servers.ts';

const types = { imap: [imap, probeImap], pop3: [pop3, probePop3], sieve: [sieve, probeSieve] } as const;
export type MailboxType = keyof typeof types;
type FactsOf<T extends MailboxType> = Awaited<ReturnType<(typeof types)[T][1]>>;

export interface Tried<T extends MailboxType> {
  facts: FactsOf<T>;
  verdict: ReturnType<(typeof types)[T][0]['judge']>;
  words: ReturnType<(typeof types)[T][0]['explain']>;
  lines: { label: string; value: string }[];
  transcript: string;
  tookMs: number;
}

/** Probes once, and holds what comes against the schema of the facts and against what must never be told. */
export async function tryMailbox<T extends MailboxType>(
  type: T,
  settings: Record<string, unknown>,
  options: { timeoutMs?: number; secret?: string; memory?: { value?: unknown }; now?: number } = {},
): Promise<Tried<T>> {
  const [definition, probe] = types[type] as unknown as [CheckDefinition<unknown, Facts>, Probe<unknown, Facts>];
  const config = definition.config.parse({ address: '127.0.0.1', ...settings });
  const secret = options.secret ?? 'right-word';
  const context = probeContext({ timeoutMs: options.timeoutMs ?? 3_000, secrets: { word: secret }, memory: options.memory ?? {} });
  const begin = performance.now();
  const facts = await probe(config, context);
  const tookMs = performance.now() - begin;
  expect(() => definition.observation.parse(facts)).not.toThrow();
  const verdict = definition.judge(facts, config, options.now ?? Date.now());
  const lines = definition.facts(facts);
  const words = definition.explain(facts, verdict, config);
  const transcript = context.lines.join('\n');
  const told = [transcript, JSON.stringify(facts), JSON.stringify(verdict), JSON.stringify(words)].join('\n');
  expect(told).not.toContain(secret);
  expect(told).not.toContain(Buffer.from(secret).toString('base64').slice(0, 8));
  expect(JSON.stringify([facts, verdict, lines])).not.toMatch(/\\u00[01]|\u202e|\\r|\\n/);
  return { facts, verdict, words, lines, transcript, tookMs } as unknown as Tried<T>;
}

/** What a scripted server says to a line: text (with $ for the tag of the line), nothing, or what it likes. */
export type Say = string | null | ((line: string, socket: Socket) => void);

/** A server in lines: a greeting, then for each line the first answer whose key the line begins with (its tag left out). */
export async function startScripted(
  greeting: string | Buffer | null,
  answers: Record<string, Say> = {},
): Promise<Started & { heard: string[] }> {
  const heard: string[] = [];
  const server = await startTcp((socket) => {
    if (greeting !== null) socket.write(greeting);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        heard.push(line);
        const [, tag = '', command = line] = /^(n\d+) (.*)$/.exec(line) ?? [];
        const key = Object.keys(answers).find((it) => command.startsWith(it));
        const say = key === undefined ? null : (answers[key] ?? null);
        if (typeof say === 'function') say(line, socket);
        else if (say !== null) socket.write(say.replaceAll('$', tag));
      }
    });
  });
  return { ...server, heard };
}
