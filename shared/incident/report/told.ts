/** Who was told, who could not be, how it went up the line; and when nobody watched. */
import { clean } from '../../text.ts';
import { humanDuration } from '../../time.ts';
import type { ReportFacts } from './schema.ts';
import { type Context, keys } from './things.ts';

export function toldFacts({ input, facts }: Context): Pick<ReportFacts, 'told' | 'notTold' | 'escalations'> {
  const { alerts } = facts.scope;
  const told = new Map<string, ReportFacts['told'][number]>();
  const failed = new Map<string, ReportFacts['notTold'][number]>();
  const escalations: ReportFacts['escalations'] = [];
  for (const event of input.events) {
    if (event.at > input.to) continue;
    if (event.kind === 'notified') {
      const { channel, to, message } = event.payload;
      const key = `${to} ${channel}`;
      if (message === 'test' || message === 'recovery' || told.has(key) || !event.payload.alerts.some((id) => alerts.has(id))) continue;
      told.set(key, { at: event.at, channel: clean(channel, 120), to: to && clean(to, 120), message, evidence: [event.id] });
    } else if (event.kind === 'notify-failed' && event.at >= input.from) {
      const { channel, text, retryAt } = event.payload;
      const known = failed.get(channel) ?? {
        at: event.at,
        channel: clean(channel, 120),
        times: 0,
        givenUp: 0,
        text: clean(text, 300),
        evidence: [event.id],
      };
      failed.set(channel, { ...known, times: known.times + 1, givenUp: known.givenUp + (retryAt === null ? 1 : 0) });
    } else if (event.kind === 'escalated' && alerts.has(event.payload.alert)) {
      const { alert, title, step, to, openMs } = event.payload;
      escalations.push({
        at: event.at,
        alert,
        title: clean(title, 200),
        step,
        to: to.slice(0, 20).map((it) => clean(it, 120)),
        openMs,
        evidence: [event.id],
      });
    }
  }
  return { told: [...told.values()].slice(0, 100), notTold: [...failed.values()].slice(0, 50), escalations: escalations.slice(0, 100) };
}

export function gapFacts({ input, facts }: Context): ReportFacts['gaps'] {
  const gaps: ReportFacts['gaps'] = [];
  const causes = new Map(input.events.flatMap((event) => (event.kind === 'gap' ? [[event.id, event.payload.cause] as const] : [])));
  for (const it of facts.gaps) {
    const cause = causes.get(it.evidence[0] ?? '');
    const why = it.crashed ? 'crashed' : (cause ?? 'not-running');
    const text = it.crashed
      ? 'the watching process ended by itself and was started again'
      : `nothing was watched for ${humanDuration(Math.max(0, it.to - it.at))}`;
    gaps.push({ from: it.at, to: Math.max(it.at, it.to), why, text, evidence: it.evidence });
  }
  for (const it of facts.cutOffs)
    gaps.push({ from: it.from, to: it.to, why: 'cut-off', text: 'the desk itself was cut off', evidence: keys(it.evidence) });
  for (const event of input.events) {
    if (event.at > input.to || event.at < input.from) continue;
    if (event.kind === 'store-set-aside')
      gaps.push({
        from: event.at,
        to: event.at,
        why: 'store',
        text: `the store was damaged and set aside: ${clean(event.payload.why, 200)}`,
        evidence: [event.id],
      });
    else if (event.kind === 'store-write-failed')
      gaps.push({
        from: event.at,
        to: null,
        why: 'store',
        text: `results could not be written: ${clean(event.payload.text, 200)}`,
        evidence: [event.id],
      });
    else if (event.kind === 'store-write-recovered') {
      const open = gaps.findLast((gap) => gap.why === 'store' && gap.to === null);
      if (open) Object.assign(open, { to: event.at, evidence: keys([...open.evidence, event.id]) });
    }
  }
  const [first] = input.events;
  if (input.eventsCut && first)
    gaps.push({ from: input.from, to: first.at, why: 'events-cut', text: 'there are more lines than are read here', evidence: [first.id] });
  return gaps.sort((a, b) => a.from - b.from).slice(0, 200);
}
