/** From a host name to IP addresses, for every probe that connects to something. */
import { type LookupAddress, lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { failureOf } from './socket-failure.ts';

export interface Address {
  address: string;
  family: 4 | 6;
}
export type Resolved = Result<Address[], Failure>;

/** 0 = either. */
export type Family = 0 | 4 | 6;

/** Lookups under way. The system's resolver takes two at a time, so checks of one name share one. */
const underWay = new Map<string, Promise<Resolved>>();

/**
 * Resolves a host name as every program on this computer does (hosts file, then its resolvers). A literal IP address passes
 * straight through.
 * @returns at least one address, in the system's order; or failure `name-not-found`, `resolver-failed`, or `timeout` when the signal came first
 */
export function resolveAddress(host: string, family: Family, signal: AbortSignal): Promise<Resolved> {
  const literal = isIP(host);
  if (literal === 4 || literal === 6) {
    if (family !== 0 && family !== literal)
      return Promise.resolve(fail({ code: 'name-not-found', detail: `${host} is not an IPv${family} address` }));
    return Promise.resolve(ok([{ address: host, family: literal }]));
  }
  if (signal.aborted) return Promise.resolve(lateFailure(host));
  return new Promise((resolve) => {
    const giveUp = (): void => resolve(lateFailure(host));
    signal.addEventListener('abort', giveUp, { once: true });
    void sharedLookup(host, family).then((resolved) => {
      signal.removeEventListener('abort', giveUp);
      resolve(resolved);
    });
  });
}

const lateFailure = (host: string): Resolved => fail({ code: 'timeout', detail: `the resolver was still looking for ${host}` });

function sharedLookup(host: string, family: Family): Promise<Resolved> {
  const key = `${family} ${host}`;
  const running = underWay.get(key);
  if (running) return running;
  const started = lookupAll(host, family).finally(() => underWay.delete(key));
  underWay.set(key, started);
  return started;
}

function lookupAll(host: string, family: Family): Promise<Resolved> {
  return new Promise((resolve) => {
    lookup(host, { all: true, family, order: 'verbatim' }, (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => {
      if (error) return resolve(fail(failureOf(error, host)));
      // An empty list is an answer that the types allow: the name is there, without an address of that family.
      if (found.length === 0) return resolve(fail({ code: 'name-not-found', detail: `${host} has no address` }));
      resolve(ok(found.map((it) => ({ address: it.address, family: it.family === 6 ? 6 : 4 }))));
    });
  });
}
