import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { answer, connect, type Handlers, message, type Port, request, serve } from '../../shared/bind.ts';
import { desktopContract, engineContract } from '../../shared/contract.ts';
import { fail, ok } from '../../shared/result.ts';

const contract = {
  requests: {
    double: request(z.object({ n: z.int() }))<number>(),
    wait: request(z.object({}))<null>(),
    throws: request(z.object({}))<null>(),
    uncloneable: request(z.object({}))<unknown>(),
    refuse: request(z.object({}))<null>(),
  },
  events: { beat: message<{ at: number }>() },
} as const;
const handlers: Handlers<typeof contract> = {
  double: ({ n }) => ok(2 * n),
  wait: () => new Promise(() => undefined),
  throws: () => {
    throw new Error('a bug with secrets in it');
  },
  uncloneable: () => ok(() => 'functions do not cross a port'),
  refuse: () => fail({ code: 'no', text: 'Not now.' }),
};

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});
/** A real pair of ports, as Electron's are. */
function pair() {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const wrap = (port: MessagePort): Port => ({
    post: (data) => port.postMessage(data),
    onMessage: (listener) => void port.on('message', listener),
  });
  const bugs: unknown[] = [];
  const send = serve(contract, wrap(port1), handlers, (error) => bugs.push(error));
  return { connection: connect(contract, wrap(port2)), send, bugs, raw: port2, serving: port1 };
}

describe('serve and connect over a real port', () => {
  it('answers each request with its own reply', async () => {
    const { connection } = pair();
    const replies = await Promise.all(Array.from({ length: 50 }, (_, n) => connection.client.double({ n })));
    expect(replies).toEqual(Array.from({ length: 50 }, (_, n) => ok(2 * n)));
  });
  it('passes on a failure as it is', async () => {
    expect(await pair().connection.client.refuse({})).toEqual(fail({ code: 'no', text: 'Not now.' }));
  });
  it('refuses bad input and says what was expected', async () => {
    const reply = await pair().connection.client.double({ n: 'two' as never });
    expect(reply).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
    if (!reply.ok) expect(reply.failure.text).toMatch(/n\b/);
  });
  it('answers a handler that throws with a failure that gives nothing away', async () => {
    const { connection, bugs } = pair();
    const reply = await connection.client.throws({});
    expect(reply).toMatchObject({ ok: false, failure: { code: 'bug' } });
    expect(JSON.stringify(reply)).not.toContain('secrets');
    expect(bugs).toHaveLength(1);
  });
  it('answers even when the reply cannot cross the port', async () => {
    const { connection, bugs } = pair();
    expect(await connection.client.uncloneable({})).toMatchObject({ ok: false, failure: { code: 'bug' } });
    expect(bugs).toHaveLength(1);
  });
  it('answers even when the request cannot cross the port', async () => {
    expect(await pair().connection.client.double({ n: (() => 1) as never })).toMatchObject({ ok: false, failure: { code: 'not-sent' } });
  });
  it('knows no names that the contract does not have', async () => {
    for (const name of ['nothing', '__proto__', 'constructor', 'toString', 7, null]) {
      expect(await answer(contract, handlers, name, {}, () => undefined)).toMatchObject({
        ok: false,
        failure: { code: 'unknown-request' },
      });
    }
  });
  it('is not disturbed by messages that are none', async () => {
    const { connection, raw, serving, bugs } = pair();
    for (const junk of [
      null,
      'x',
      7,
      {},
      { call: 'x' },
      { call: 1.5, name: 'double' },
      [],
      { reply: 99, result: ok(1) },
      { event: 'never-heard' },
      { event: '__proto__' },
    ]) {
      raw.postMessage(junk);
      serving.postMessage(junk);
    }
    expect(await connection.client.double({ n: 4 })).toEqual(ok(8));
    expect(bugs).toEqual([]);
  });
  it('carries events', async () => {
    const { connection, send } = pair();
    const heard = vi.fn();
    connection.on('beat', heard);
    send('beat', { at: 12 });
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith({ at: 12 }));
  });
  it('answers all that is open, and all that follows, when it is ended', async () => {
    const { connection } = pair();
    const waiting = connection.client.wait({});
    connection.end('The watching process is gone.');
    const gone = fail({ code: 'engine-gone', text: 'The watching process is gone.' });
    expect(await waiting).toEqual(gone);
    expect(await connection.client.double({ n: 1 })).toEqual(gone);
  });
});

describe('the contracts', () => {
  it.each([
    ['engine', engineContract],
    ['desktop', desktopContract],
  ])('%s: every request refuses what is no object', (_name, { requests }) => {
    for (const [name, { input }] of Object.entries(requests))
      for (const junk of [null, undefined, 7, 'x', []]) expect([name, input.safeParse(junk).success]).toEqual([name, false]);
  });
  const refused: [string, z.ZodType, unknown][] = [
    ['an acknowledgement without a comment', engineContract.requests.acknowledge.input, { alerts: ['a'], by: 'Kim', comment: '  ' }],
    ['an acknowledgement by nobody', engineContract.requests.acknowledge.input, { alerts: ['a'], by: ' ', comment: 'on it' }],
    ['a link that is no web address', desktopContract.requests.openExternal.input, { url: 'file:///etc/passwd' }],
    ['a script as a link', desktopContract.requests.openExternal.input, { url: 'javascript:alert(1)' }],
    ['a zone that is none', engineContract.requests.draft.input, { alerts: null, from: 0, to: 1, title: null, zone: 'Mars/Olympus' }],
  ];
  it.each(refused)('refuses %s', (_what, schema, input) => expect(schema.safeParse(input).success).toBe(false));
});
