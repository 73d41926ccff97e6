/** Looks at a mail queue: on a server over ssh, on this computer, or from a URL. It is counted line by line, whatever its length. */
import { addSample, delayOf, drainOf, growthOf, type QueueSample } from '../../shared/checks/queue-delay.ts';
import { type QueueConfig, type QueueFacts, waitingIn } from '../../shared/checks/queue-facts.ts';
import { count } from '../../shared/text.ts';
import { humanDuration } from '../../shared/time.ts';
import { overHttp } from './queue-http.ts';
import { onThisComputer } from './queue-local.ts';
import type { Look } from './queue-look.ts';
import { overSsh } from './queue-ssh.ts';
import { createTally, type Tally } from './queue-tally.ts';
import type { Probe } from './types.ts';

const looks = { ssh: overSsh, local: onThisComputer, http: overHttp };

export const probeQueue: Probe<QueueConfig, QueueFacts> = async (config, ctx) => {
  const before = ctx.remember<readonly QueueSample[]>([]) ?? [];
  ctx.remember(before);
  const begin = ctx.monotonic();
  const tally = createTally(config, before.at(-1)?.at);
  tally.begin(ctx.now());
  const look = await looks[config.source](config, tally, ctx);
  const { failure } = look.facts;
  const facts: QueueFacts = { ...counted(look, tally), ...look.facts, source: config.source, at: ctx.now() };
  facts.tookMs = Math.round(ctx.monotonic() - begin);
  if (failure) ctx.note(failure.detail);
  const waiting = waitingIn(facts);
  if (waiting === undefined) return facts;
  ctx.note(`${count(facts.total ?? 0, 'message')}, ${facts.hold ?? 0} of them on hold; ${humanDuration(facts.tookMs)}`);
  // Half a list is no look at the queue.
  if (failure) return facts;
  const sample = look.noList ? { at: ctx.now() - look.offset, waiting, backlog: null, stayed: null } : tally.sample();
  const samples = addSample(before, sample);
  ctx.remember(samples);
  return { ...facts, ...estimate(facts, samples) };
};

/** What the list says; of one that broke off, what came before. */
function counted({ facts: { failure }, offset, noList }: Look, tally: Tally): QueueFacts {
  if (noList || (failure && tally.seen() === 0)) return {};
  return { ...tally.facts(offset), ...(failure ? { atLeast: true } : {}) };
}

/** So much of what waits must be for one domain, for one reason, or not yet tried, before a delay is told of mail like it. */
const alike = 0.8;
const jammed = 0.5;

/** How fast it grows and drains, and how long new mail will wait. */
export function estimate(it: QueueFacts, samples: readonly QueueSample[]): QueueFacts {
  const told: QueueFacts = {};
  const [growth, drain, delay] = [growthOf(samples), drainOf(samples), delayOf(samples)];
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  if (growth !== undefined) told.ratePerMinute = tenth(growth);
  if (drain !== undefined) told.drainPerMinute = tenth(drain);
  const waiting = waitingIn(it) ?? 0;
  if (!delay || waiting === 0) return told;
  const [domain, reason] = [it.domains?.[0], it.reasons?.[0]];
  const one = domain && domain.count >= alike * waiting ? domain.domain : undefined;
  const all = (it.incoming ?? 0) + (it.active ?? 0) >= jammed * waiting || (reason !== undefined && reason.count >= alike * waiting);
  // What waits for many servers of others says nothing of other mail.
  if (one === undefined && !all) return told;
  told.delayMinMs = Math.round(delay.leastMs);
  if (delay.mostMs !== undefined) told.delayMaxMs = Math.round(delay.mostMs);
  if (one !== undefined) told.delayOf = one;
  return told;
}
