/**
 * Turns a contract (contract.ts) into its two ends. Requests are parsed where they arrive, replies are Results; an
 * unknown call or a bad input ends in a clear failure, never in a thrown error on the other side.
 */
import { z } from 'zod';
import { fail, ok, type Result } from './result.ts';

/** Why a request was not done. `code` is for programs, `text` for people. */
export interface RequestFailure {
  code: string;
  text: string;
}
export type Reply<T> = Result<T, RequestFailure>;

/** One request: the schema of its input, and the type of its output (made by our own side, so it is not parsed again). */
export interface RequestSpec<I extends z.ZodType = z.ZodType, O = unknown> {
  input: I;
  /** Only a type; carries no value. */
  output?: O;
}
/** Declares a request. Use: `request(z.object({…}))<Output>()`. */
export const request =
  <I extends z.ZodType>(input: I) =>
  <O>(): RequestSpec<I, O> => ({ input });

/** Declares an event that one end sends without being asked. */
export const message = <P>(): { payload?: P } => ({});

export interface Contract {
  requests: Record<string, RequestSpec>;
  events: Record<string, { payload?: unknown }>;
}
type InputOf<S> = S extends { input: infer I extends z.ZodType } ? z.input<I> : never;
type ParsedOf<S> = S extends { input: infer I extends z.ZodType } ? z.output<I> : never;
type OutputOf<S> = S extends RequestSpec<z.ZodType, infer O> ? O : never;
type PayloadOf<S> = S extends { payload?: infer P } ? P : never;

/** The serving end: one function per request. */
export type Handlers<C extends Contract> = {
  [K in keyof C['requests']]: (
    input: ParsedOf<C['requests'][K]>,
  ) => Promise<Reply<OutputOf<C['requests'][K]>>> | Reply<OutputOf<C['requests'][K]>>;
};
/** The asking end: one function per request. */
export type Client<C extends Contract> = {
  [K in keyof C['requests']]: (input: InputOf<C['requests'][K]>) => Promise<Reply<OutputOf<C['requests'][K]>>>;
};
export type EventName<C extends Contract> = keyof C['events'] & string;
export type EventPayload<C extends Contract, E extends EventName<C>> = PayloadOf<C['events'][E]>;

const bug: RequestFailure = {
  code: 'bug',
  text: 'Something went wrong inside Nightdesk; it is in the log. Nothing was changed that is not shown.',
};

/**
 * Answers one request that came in.
 * @param name and input as they arrived: nothing is believed
 * @param onBug told of a handler that threw (a bug of ours); the asker gets a failure with code `bug`
 */
export async function answer<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  name: unknown,
  input: unknown,
  onBug: (error: unknown) => void,
): Promise<Reply<unknown>> {
  if (typeof name !== 'string' || !Object.hasOwn(contract.requests, name)) {
    return fail({ code: 'unknown-request', text: 'This window asked for something that this version of Nightdesk does not have.' });
  }
  const parsed = contract.requests[name]?.input.safeParse(input);
  if (!parsed?.success) {
    return fail({ code: 'bad-input', text: parsed ? z.prettifyError(parsed.error) : 'no input' });
  }
  try {
    return await handlers[name as keyof C['requests']](parsed.data as never);
  } catch (error) {
    onBug(error);
    return fail(bug);
  }
}

/** Both kinds of port look like this after a thin wrap (MessagePort in the page, MessagePortMain in the engine). */
export interface Port {
  post(data: unknown): void;
  onMessage(listener: (data: unknown) => void): void;
}

const callSchema = z.object({ call: z.int(), name: z.string(), input: z.unknown() });

/**
 * Serves a contract over a port.
 * @returns a function that sends an event to the other end
 */
export function serve<C extends Contract>(contract: C, port: Port, handlers: Handlers<C>, onBug: (error: unknown) => void) {
  port.onMessage((data) => {
    const call = callSchema.safeParse(data);
    if (!call.success) return;
    const reply = (result: Reply<unknown>): void => port.post({ reply: call.data.call, result });
    // A reply that cannot cross the port is a bug of the handler; the asker must not wait for ever.
    void answer(contract, handlers, call.data.name, call.data.input, onBug)
      .then(reply)
      .catch((error: unknown) => {
        onBug(error);
        reply(fail(bug));
      })
      .catch(onBug);
  });
  return <E extends EventName<C>>(event: E, payload: EventPayload<C, E>): void => port.post({ event, payload });
}

export interface Connection<C extends Contract> {
  client: Client<C>;
  on<E extends EventName<C>>(event: E, listener: (payload: EventPayload<C, E>) => void): void;
  /** Ends it: every request still open is answered with a failure of this text. */
  end(text: string): void;
}

/** The asking end of a contract over a port. Replies come from our own engine and are taken as they are. */
export function connect<C extends Contract>(contract: C, port: Port): Connection<C> {
  const open = new Map<number, (reply: Reply<never>) => void>();
  const listeners = new Map<string, (payload: never) => void>();
  let calls = 0;
  let ended: string | null = null;
  port.onMessage((data) => {
    if (typeof data !== 'object' || data === null) return;
    const said = data as { reply?: number; result?: Reply<never>; event?: string; payload?: never };
    if (said.reply !== undefined && said.result) {
      open.get(said.reply)?.(said.result);
      open.delete(said.reply);
    } else if (said.event !== undefined) {
      listeners.get(said.event)?.(said.payload as never);
    }
  });
  const ask = (name: string, input: unknown): Promise<Reply<never>> => {
    if (ended !== null) return Promise.resolve(fail({ code: 'engine-gone', text: ended }));
    calls += 1;
    const call = calls;
    return new Promise((resolve) => {
      open.set(call, resolve);
      try {
        port.post({ call, name, input });
      } catch {
        open.delete(call);
        resolve(fail({ code: 'not-sent', text: 'The request could not be handed to the watching process. Try again.' }));
      }
    });
  };
  return {
    client: Object.fromEntries(
      Object.keys(contract.requests).map((name) => [name, (input: unknown) => ask(name, input)]),
    ) as unknown as Client<C>,
    on: (event, listener) => void listeners.set(event, listener as never),
    end(text) {
      ended = text;
      for (const resolve of open.values()) resolve(fail({ code: 'engine-gone', text }));
      open.clear();
    },
  };
}

/** A reply for handlers with nothing to return. */
export const done = (): Reply<null> => ok(null);
