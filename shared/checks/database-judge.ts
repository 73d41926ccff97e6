/** How the facts of a database are judged: one way for mysql, postgres and redis. */
import { type Level, severityOf, type Verdict } from '../model/words.ts';
import { listOf } from '../text.ts';
import { humanDuration, humanLatency } from '../time.ts';
import { type DatabaseFacts, expectWords, nameOf, worstLag } from './database-facts.ts';
import type { Expect } from './database-settings.ts';
import { failed } from './target.ts';

/** What of the settings matters here; durations in ms. */
export interface DatabaseLimits {
  port: number;
  role: 'any' | 'primary' | 'replica';
  lagDegraded: number;
  lagDown: number;
  connectionsDegraded: number;
  slowDegraded?: number | undefined;
  replicas?: number | undefined;
  expect?: Expect | undefined;
  query?: string | undefined;
  key?: string | undefined;
}

/** Whether anything is asked for that only an account can see. */
const wantsAccount = (it: DatabaseLimits): boolean =>
  it.role !== 'any' || [it.query, it.key, it.expect, it.replicas].some((setting) => setting !== undefined);

export interface Finding {
  level: Level;
  reason: string;
  text: string;
}

/** What the server's own codes mean: `unknown` where only this computer is turned away, so that nothing is known about others. */
export type TurnedAway = Readonly<Record<string, { reason: string; level: Level; text: string }>>;

/**
 * @param product how people call it: "MySQL"
 * @param turnedAway what codes of the server's own errors mean
 * @param more findings of one product alone
 */
export function judgeDatabase(
  it: DatabaseFacts,
  limits: DatabaseLimits,
  product: string,
  turnedAway: TurnedAway,
  more: Finding[] = [],
): Verdict {
  if (it.failure) return judgeFailure(it, limits, turnedAway);
  if (it.greetingMs === undefined) return { state: 'unknown', reason: 'no-result', text: 'nothing was tried' };
  const took = it.totalMs ?? it.connectMs ?? 0;
  if (it.login === 'none' && it.stage !== 'done' && wantsAccount(limits))
    return {
      state: 'unknown',
      reason: 'not-logged-in',
      text: 'greets, but what is asked for can be seen only by an account, and none is given',
    };
  if (it.login === 'none' && it.stage !== 'done')
    return {
      state: 'ok',
      reason: 'ok',
      text: `greets${it.version ? ` as ${nameOf(it, product)}` : ''} in ${humanLatency(took)}; nobody logged in`,
    };
  if (it.stage !== 'done') return { state: 'unknown', reason: 'no-result', text: 'the check did not come to its end' };
  const found = [...more, ...findingsOf(it, limits)].sort((a, b) => severityOf(b.level) - severityOf(a.level));
  const [first, ...rest] = found;
  if (first) {
    const also =
      rest.length > 0
        ? `; also ${listOf(
            rest.map((finding) => finding.text),
            2,
          )}`
        : '';
    return { state: first.level, reason: first.reason, text: `${first.text}${also}` };
  }
  const said: string[] = [`${nameOf(it, product)} answers in ${humanLatency(took)}`];
  if (typeof it.cell === 'string') said.push(`says "${it.cell.length > 40 ? `${it.cell.slice(0, 39)}…` : it.cell}"`);
  const lag = worstLag(it);
  if (typeof lag === 'number') said.push(`${humanDuration(lag)} behind`);
  return { state: 'ok', reason: 'ok', text: said.join(', ') };
}

function judgeFailure(it: DatabaseFacts, { port }: DatabaseLimits, turnedAway: TurnedAway): Verdict {
  const failure = it.failure as NonNullable<DatabaseFacts['failure']>;
  if (it.connectMs === undefined) {
    if (failure.code === 'refused') return failed(failure, `connection refused on port ${port}`);
    return failed(failure);
  }
  const known = it.serverError && turnedAway[it.serverError.code];
  if (known) return { state: known.level, reason: known.reason, text: known.text };
  if (failure.code === 'timeout' && it.stage === 'greeting')
    return failed(failure, `port ${port} accepts connections, but the server says nothing`, 'no-greeting');
  if (failure.code === 'timeout' && it.stage === 'login')
    return failed(failure, 'the server greets, but lets nobody in: the log-in got no answer', 'login-stalled');
  if (failure.code === 'timeout' && it.stage === 'query') return failed(failure, 'the question got no answer in time', 'query-stalled');
  if (failure.code === 'server-error' && it.stage === 'query') return failed(failure, failure.detail, 'query-failed');
  return failed(failure);
}

function findingsOf(it: DatabaseFacts, limits: DatabaseLimits): Finding[] {
  const found: Finding[] = [];
  const add = (level: Level, reason: string, text: string): unknown => found.push({ level, reason, text });
  // A missing key is told in words of its own.
  if (it.rows === 0 && limits.expect && limits.key === undefined)
    add('down', 'no-row', `the question brings no row, expected ${expectWords(limits.expect)}`);
  else if (it.matched === false && limits.expect)
    add(
      'down',
      'wrong-answer',
      `the answer is ${it.cell === null || it.cell === undefined ? 'NULL' : `"${it.cell}"`}, expected ${expectWords(limits.expect)}`,
    );
  replicationFindings(it, limits, add);
  if (it.connections !== undefined && it.connectionsLimit) {
    const percent = (100 * it.connections) / it.connectionsLimit;
    if (percent >= limits.connectionsDegraded)
      add('degraded', 'connections', `${it.connections} of ${it.connectionsLimit} connections are in use`);
  }
  if (limits.slowDegraded !== undefined && (it.totalMs ?? 0) > limits.slowDegraded)
    add('degraded', 'slow', `takes ${humanLatency(it.totalMs ?? 0)}, more than ${humanLatency(limits.slowDegraded)}`);
  return found;
}

function replicationFindings(
  it: DatabaseFacts,
  limits: DatabaseLimits,
  add: (level: Level, reason: string, text: string) => unknown,
): void {
  const must = limits.role === 'replica';
  if (limits.role !== 'any') {
    if (it.role === undefined)
      add('unknown', 'role-unknown', `not known whether it is a ${limits.role}${it.notKnown?.length ? `: ${it.notKnown.join('; ')}` : ''}`);
    else if (it.role !== limits.role) add('down', 'wrong-role', `is a ${it.role}, expected a ${limits.role}`);
    else if (limits.role === 'primary' && it.readOnly) add('down', 'read-only', 'is read-only, expected a primary that takes changes');
  }
  for (const up of it.upstreams ?? []) {
    const halt = up.fetching === false ? 'does not fetch changes' : up.applying === false ? 'does not apply changes' : null;
    if (halt) add(must ? 'down' : 'degraded', 'replication-stopped', `${halt} from ${up.name}${up.error ? `: ${up.error}` : ''}`);
    else if (up.lagMs === null) add('unknown', 'lag-unknown', `not known how far it is behind ${up.name}`);
    else if (up.lagMs >= limits.lagDegraded)
      add(up.lagMs >= limits.lagDown ? 'down' : 'degraded', 'replication-lag', `${humanDuration(up.lagMs)} behind ${up.name}`);
  }
  if (limits.replicas !== undefined && it.role !== 'replica') {
    if (it.replicas === undefined) add('unknown', 'replicas-unknown', 'not known how many replicas are connected');
    else if (it.replicas < limits.replicas) add('degraded', 'replicas-missing', `${it.replicas} of ${limits.replicas} replicas connected`);
  }
}
