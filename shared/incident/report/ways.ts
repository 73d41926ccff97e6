/** The ways in: whether the circuits were up, whether traffic passed, which address ranges were hit, and where traces ended. */
import type { NightEvent } from '../../model/event.ts';
import type { PlannedCheck, Subject } from '../../model/plan.ts';
import { severityOf } from '../../model/words.ts';
import { clean } from '../../text.ts';
import { hostDown } from '../affected.ts';
import { hidingOf } from '../cut-off.ts';
import { coverageKey, wasFine } from '../evidence.ts';
import { type Spell, worstOf } from '../spells.ts';
import type { ReportFacts } from './schema.ts';
import type { LinkFact, PortionFact } from './schema-parts.ts';
import { type Context, keys } from './things.ts';

type Prefix = ReportFacts['prefixes'][number];
type Traced = Extract<NightEvent, { kind: 'traced' }>;
const mostTraces = 20;

/** Whether a check was fresh and ok throughout, and the desk could see it. */
export const workedThroughout = (context: Context, plan: PlannedCheck): boolean =>
  !context.troubled.has(plan.id) && hidingOf(context.facts.cutOffs, plan).length === 0 && wasFine(context.input, plan);

export function wayFacts(context: Context): Pick<ReportFacts, 'prefixes' | 'links' | 'traces'> {
  const { input, facts } = context;
  const traces = input.events
    .filter((event): event is Traced => event.kind === 'traced' && event.at <= input.to && event.at >= input.from)
    .filter((event) => event.payload.alert === null || facts.scope.alerts.has(event.payload.alert) || facts.scope.alerts.size === 0);
  const prefixes = input.subjects.filter((it) => it.kind === 'prefix').map((it) => prefixFact(context, it));
  const links = linkFacts(context, prefixes, traces);
  const isHit = prefixes.some((it) => it.state !== 'worked' && it.state !== 'not-known') || links.some((it) => it.from !== null);
  return {
    // Where the ways in were well, nobody asks for each of them; they stand with what was not affected.
    prefixes: isHit ? prefixes : [],
    links: isHit ? links : [],
    traces: traces.slice(-mostTraces).map((event) => ({
      at: event.at,
      target: clean(event.payload.target, 120),
      text: clean(event.payload.text, 600),
      good: event.payload.good,
      hops: event.payload.hops.slice(0, 64),
      evidence: [event.id],
    })),
  };
}

const spellsOf = (context: Context, plans: readonly PlannedCheck[]): Spell[] =>
  plans.flatMap((plan) => context.troubled.get(plan.id) ?? []);
const begin = (spells: readonly Spell[]): number | null => (spells.length > 0 ? Math.min(...spells.map((spell) => spell.from)) : null);
const endOf = (spells: readonly Spell[]): number | null =>
  spells.length === 0 || spells.some((spell) => spell.to === null) ? null : Math.max(...spells.map((spell) => spell.to ?? 0));

function prefixFact(context: Context, subject: Subject): Prefix {
  const plans = context.plansOf(subject.id);
  const spells = spellsOf(context, plans);
  const via = [...new Set(subject.dependsOn.flat())].filter((id) => context.subjects.get(id)?.kind === 'link');
  const base = { ...context.thing(subject.id), cidr: clean(subject.note, 80), via: via.map(context.name) };
  if (spells.length === 0) {
    const worked = plans.length > 0 && plans.every((plan) => workedThroughout(context, plan));
    const evidence = plans.length > 0 ? [coverageKey(plans.slice(0, 50))] : [`unwatched:${subject.id}`];
    return { ...base, state: worked ? 'worked' : 'not-known', from: null, to: null, portion: null, evidence };
  }
  const down = spells.filter((spell) => spell.level === 'down');
  const hit = new Set(down.map((spell) => spell.check)).size;
  const level = worstOf(spells);
  const whole = hostDown(plans, down).length > 0;
  const portion: PortionFact | null =
    hit > 0 && !whole ? { hit, of: plans.length, what: plans.every((plan) => plan.type === 'icmp') ? 'addresses' : 'checks' } : null;
  return {
    ...base,
    state: level === 'down' ? (whole ? 'dead' : 'partly') : level === 'degraded' ? 'degraded' : 'not-known',
    from: begin(spells),
    to: endOf(spells),
    portion,
    evidence: keys(spells.flatMap((spell) => spell.evidence)),
  };
}

function linkFacts(context: Context, prefixes: readonly Prefix[], traces: readonly Traced[]): LinkFact[] {
  const links = context.input.subjects.filter((it) => it.kind === 'link');
  const ridesOn = (prefix: Prefix, link: Subject): boolean =>
    context.subjects.get(prefix.id)?.dependsOn.some((group) => group.includes(link.id)) ?? false;
  const isHit = ({ state }: Prefix): boolean => state === 'dead' || state === 'partly';
  const hit = prefixes.filter(isHit);
  const carriesAll = links.filter((link) => hit.length > 0 && hit.every((prefix) => ridesOn(prefix, link)));
  const failed = traces.filter((event) => !event.payload.good);
  return links.map((link) => {
    const gateways = context.plansOf(link.id).filter((plan) => plan.type === 'icmp' || plan.name === 'gateway');
    const own = spellsOf(context, gateways);
    const riding = prefixes.filter((prefix) => ridesOn(prefix, link));
    const dead = riding.filter(isHit);
    const gateway: LinkFact['gateway'] =
      gateways.length === 0
        ? 'unwatched'
        : own.length > 0
          ? severityOf(worstOf(own)) >= severityOf('degraded')
            ? (worstOf(own) as 'down' | 'degraded')
            : 'not-known'
          : gateways.every((plan) => workedThroughout(context, plan))
            ? 'worked'
            : 'not-known';
    const provider = clean(link.provider ?? link.name, 120);
    const traffic: LinkFact['traffic'] =
      riding.length === 0
        ? 'unwatched'
        : dead.length === riding.length && dead.every((prefix) => prefix.state === 'dead')
          ? 'dead'
          : dead.length > 0
            ? 'partly'
            : riding.every((prefix) => prefix.state === 'worked')
              ? 'worked'
              : 'not-known';
    const blaming = failed.filter(
      (event) => event.payload.hops.findLast((hop) => hop.address !== null)?.name === (link.provider ?? link.name),
    );
    const times = [...dead.map((prefix) => prefix.from), begin(own)].filter((at) => at !== null);
    const ends = [...dead.map((prefix) => prefix.to), ...(own.length > 0 ? [endOf(own)] : [])];
    return {
      ...context.thing(link.id),
      provider,
      circuit: link.circuit === undefined ? null : clean(link.circuit, 120),
      contacts: (link.contacts ?? []).slice(0, 20).map((it) => ({
        name: clean(it.name, 120),
        tier: it.tier === undefined ? null : clean(it.tier, 120),
        phone: it.phone === undefined ? null : clean(it.phone, 120),
        email: it.email ?? null,
        url: it.url ?? null,
      })),
      gateway,
      gatewayEvidence: own.length > 0 ? keys(own.flatMap((spell) => spell.evidence)) : gateways.length > 0 ? [coverageKey(gateways)] : [],
      traffic,
      prefixes: { hit: dead.length, of: riding.length, names: dead.map((prefix) => prefix.name) },
      upButDead: gateway === 'worked' && dead.length > 0,
      alone: carriesAll.length === 1 && carriesAll[0] === link,
      blamed: blaming.length > 0,
      from: times.length > 0 ? Math.min(...times) : null,
      to: ends.length === 0 || ends.some((at) => at === null) ? null : Math.max(...ends.map((at) => at ?? 0)),
      evidence: keys([...dead.flatMap((prefix) => prefix.evidence), ...blaming.map((event) => event.id)]),
    };
  });
}
