/** Who was told, who had it, and who could not be told. */

import { capital } from '../alerting/names.ts';
import type { NightEvent } from '../model/event.ts';
import { clean, count, listOf } from '../text.ts';
import { humanDuration } from '../time.ts';
import type { Statement } from './draft.ts';
import { few } from './evidence.ts';
import type { DraftInput } from './input.ts';
import { quoted } from './quote.ts';
import type { Scope } from './scope.ts';
import type { Times } from './times.ts';

type Of<K extends NightEvent['kind']> = Extract<NightEvent, { kind: K }>;

/** "kim over pager", or the channel where it was used for nobody in particular. */
const recipient = ({ payload: { to, channel } }: Of<'notified'>): string => clean(to === null ? channel : `${to} over ${channel}`, 120);

/** "The first to be told was kim over pager, at 02:01:10; then ops-mail." */
export function toldStatements(input: DraftInput, scope: Scope, times: Times): Statement[] {
  const firsts = new Map<string, Of<'notified'>>();
  for (const event of input.events) {
    if (event.kind !== 'notified' || event.at > input.to || event.payload.message === 'test' || event.payload.message === 'recovery')
      continue;
    if (!event.payload.alerts.some((id) => scope.alerts.has(id))) continue;
    if (!firsts.has(recipient(event))) firsts.set(recipient(event), event);
  }
  const [first, ...others] = [...firsts.values()];
  if (!first) return [];
  const then = others.length > 0 ? `; then ${listOf(others.map(recipient), 4)}` : '';
  const text = `The first to be told was ${recipient(first)}, ${times.when(first.at)}${then}.`;
  return [{ text, evidence: few([...firsts.values()].map((event) => event.id)) }];
}

/** "Nobody had it for 15 min, so lee was told at 02:16:00 (step 1)." */
export function escalationStatements(input: DraftInput, scope: Scope, times: Times): Statement[] {
  const found = input.events.filter(
    (event) => event.kind === 'escalated' && event.at <= input.to && scope.alerts.has(event.payload.alert),
  ) as Of<'escalated'>[];
  return found.slice(0, 4).map((event) => {
    const { openMs, to, step, title } = event.payload;
    const it = input.alerts.length === 1 ? 'it' : `“${clean(title, 120)}”`;
    const text = `Nobody had ${it} for ${humanDuration(openMs)}, so ${clean(listOf(to, 4), 300)} ${to.length === 1 ? 'was' : 'were'} told ${times.when(event.at)} (step ${step}).`;
    return { text, evidence: [event.id] };
  });
}

/** How it went from hand to hand after somebody took it first: taken over, given back, open again, taken again. */
export function handStatements(input: DraftInput, scope: Scope, times: Times): Statement[] {
  const statements = new Map<string, Statement>();
  const reopened = new Set<string>();
  // One deed on many alerts is one statement.
  const say = (event: NightEvent, text: string): void => {
    const known = statements.get(text);
    if (known) known.evidence.push(event.id);
    else statements.set(text, { text, evidence: [event.id] });
  };
  for (const event of input.events) {
    if (event.at > input.to || !('alert' in event.payload) || !scope.alerts.has(event.payload.alert ?? '')) continue;
    const by = clean(event.actor, 80);
    const when = times.when(event.at);
    if (event.kind === 'acknowledged') {
      const { from, alert, comment } = event.payload;
      if (from !== null && from !== event.actor) say(event, `${by} took it over from ${clean(from, 80)} ${when}: ${quoted(comment, 300)}`);
      else if (reopened.delete(alert)) say(event, `${by} took it on ${when}: ${quoted(comment, 300)}`);
    } else if (event.kind === 'released') {
      reopened.add(event.payload.alert);
      say(event, `${by} gave it back ${when}: ${quoted(event.payload.comment, 300)}`);
    } else if (event.kind === 'acknowledgement-cleared') {
      reopened.add(event.payload.alert);
      say(event, `${capital(when)} nobody had it any more, as ${clean(event.payload.why, 200)}.`);
    }
  }
  return [...statements.values()].slice(0, 8).map((it) => ({ ...it, evidence: few(it.evidence) }));
}

/** "pager did not take messages 3 times, the first at 02:00:30: connection refused." */
export function notToldStatements(input: DraftInput, times: Times): Statement[] {
  const failed = input.events.filter(
    (event) => event.kind === 'notify-failed' && event.at >= input.from && event.at <= input.to,
  ) as Of<'notify-failed'>[];
  return [...Map.groupBy(failed, (event) => event.payload.channel)].slice(0, 4).map(([channel, those]) => {
    const first = those[0] as Of<'notify-failed'>;
    const lost = those.filter((event) => event.payload.retryAt === null).length;
    const often =
      those.length === 1 ? `a message ${times.when(first.at)}` : `messages ${those.length} times, the first ${times.when(first.at)}`;
    const givenUp = lost > 0 ? ` ${count(lost, 'message')} ${lost === 1 ? 'was' : 'were'} given up.` : '';
    const text = `${clean(channel, 80)} did not take ${often}: ${clean(first.payload.text, 200).replace(/\.$/, '')}.${givenUp}`;
    return { text, evidence: few(those.map((event) => event.id)) };
  });
}
