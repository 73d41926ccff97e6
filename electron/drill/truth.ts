/**
 * The judge of what the desk says in a drill: it knows what is really broken. It shares nothing with the code that diagnoses, judges or
 * alerts, or it would prove nothing; .dependency-cruiser.cjs sees to it.
 */
import type { Diagnosis, Explanation } from '../../shared/diagnosis/types.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import type { FaultKind, FaultOf } from '../../shared/scenario/scenario.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { sameAddress } from '../../shared/trace.ts';
import type { ReadScenario } from './read.ts';
import { claims } from './truth-claims.ts';
import { type Seen, seenBy } from './truth-seen.ts';
import { isOf, kindOf, type Spell } from './world-faults.ts';

/** What a sentence names. */
export type Named = Pick<Explanation, 'kind' | 'culprits' | 'prefixes' | 'explains'>;
/**
 * `right`: names what is broken. `near`: an honest part of it (something that really does not work because of it), or said to be unsure.
 * `false`: names something that works, or says something of it that is not so.
 */
export type Judgement = 'right' | 'near' | 'false';

export interface Truth {
  /** @param at when it was said, epoch ms */
  judge(named: Named, confidence: Diagnosis['confidence'], at: number): Judgement;
  /** Whether it is the right answer to one fault (all spells of it). */
  isRight(named: Named, fault: readonly Spell[], at: number): boolean;
}

/** Telling takes a while: alerts settle, and sentences are not made anew all the time. */
const tellingMs = 15 * SECOND;
/** A queue that is let go empties five times as fast as it grew. */
const drainTimes = 5;

/** Everything that a right answer is held against. */
interface Case {
  read: ReadScenario;
  seen: Seen;
  checks: ReadonlyMap<string, PlannedCheck>;
  /** Its spells that are in force, or were within the last cycle. */
  recent: readonly Spell[];
  named: Named;
  at: number;
}

/** @param read the drill, with all its faults */
export function truthOf(read: ReadScenario): Truth {
  const { plan } = read.inventory;
  const checks = new Map(plan.checks.map((check) => [check.id, check]));
  const seen = seenBy(read, read.spells);

  /** So long may it take until what is mended is seen: one round of the checks that the sentence rests on. */
  const cycleOf = ({ explains }: Named): number => {
    const rounds = explains.flatMap((id) => {
      const check = checks.get(id);
      return check ? [check.intervalMs + check.timeoutMs] : [];
    });
    return Math.max(MINUTE, ...rounds) + tellingMs;
  };
  const lastsUntil = ({ fault, from, to }: Spell): number =>
    'mail' in fault && (fault.mode === 'queue-stuck' || fault.mode === 'delivery-delayed') ? to + (to - from) / drainTimes : to;
  const recentOf = (spells: readonly Spell[], named: Named, at: number): Spell[] =>
    spells.filter((spell) => spell.from <= at && lastsUntil(spell) > at - cycleOf(named));

  const isRight: Truth['isRight'] = (named, fault, at) => {
    const recent = recentOf(fault, named, at);
    const [first] = recent;
    if (first === undefined) return false;
    const it: Case = { read, seen, checks, recent, named, at };
    return isAnswer(kindOf(first.fault), it) && !(isTied(named) && couldBeTold(it));
  };

  return {
    isRight,
    judge(named, confidence, at) {
      const recent = recentOf(read.spells, named, at);
      const faults = Map.groupBy(recent, ({ fault }) => `${kindOf(fault)} ${String((fault as Record<string, unknown>)[kindOf(fault)])}`);
      if (confidence === 'unsure') return 'near';
      if ([...faults.values()].some((fault) => isRight(named, fault, at))) return 'right';
      // What is mended may not be seen to be so: each of these moments will do.
      const moments = [at, ...recent.map((spell) => Math.min(at, spell.to - 1))];
      const isSo = [...new Set(moments)].some((moment) => claims[named.kind]({ named, plan, seen, at: moment }));
      return isSo ? 'near' : 'false';
    },
  };
}

/** What is a right answer, by the kind of fault. */
const answersTo: { [K in FaultKind]: (faults: readonly FaultOf<K>[], it: Case) => boolean } = {
  link([fault, ...more], it) {
    const { named, read } = it;
    if (!fault) return false;
    const { inventory } = read.inventory;
    const names = named.culprits.includes(fault.link);
    const all = [fault, ...more];
    if (all.some(isLossy)) return names && (named.kind === 'link-loss' || (named.kind.startsWith('link') && all.some(isDeaf)));
    if (all.some((one) => one.prefixes)) return names && named.kind === 'link-prefixes' && isTheSame(it);
    // Where no other circuit leads to a site, nobody outside can tell the two apart.
    const { site } = inventory.links.find(({ id }) => id === fault.link) ?? {};
    const isOnly = inventory.links.filter((link) => link.site === site).length === 1;
    return (names && named.kind === 'link') || (isOnly && named.kind === 'site' && site !== undefined && named.culprits.includes(site));
  },
  site: (faults, { named }) => named.kind === 'site' && faults.some(({ site }) => named.culprits.includes(site)),
  host(faults, it) {
    const { named } = it;
    const own = faults.find(({ host }) => named.culprits.includes(host));
    if (own) return named.kind === 'host' || named.kind === 'host-hangs' || isCalledBroken(own.host, it);
    // Of a machine that is away a single check is a part of the truth; of one that tells what ails it, it is all of it.
    const telling = faults.flatMap(({ host, mode }) => (tells.has(mode) ? [host] : []));
    return named.kind === 'check' && touched(it).some(({ id, subject }) => named.culprits.includes(id) && telling.includes(subject.id));
  },
  service(faults, it) {
    const { named } = it;
    const own = faults.find(({ service }) => named.culprits.includes(service));
    if (own) return named.kind === 'service' || isCalledBroken(own.service, it);
    if (named.kind === 'dependency') return faults.some(({ service }) => namesAllOnHost(service, it));
    return named.kind === 'check' && checksNamed(it).some((check) => faults.some(({ service }) => isAllOf(service, check, it)));
  },
  mail(faults, it) {
    const { named, read } = it;
    const entries = read.inventory.inventory.mail.filter(({ id, domain }) => faults.some(({ mail }) => mail === id || mail === domain));
    const legs = legsOf(it).filter(({ entry }) => entries.some(({ id }) => id === entry));
    const isNamed = (id: string): boolean => named.culprits.includes(id);
    if (named.kind === 'mail' || named.kind === 'service' || named.kind === 'dependency') return entries.some(({ id }) => isNamed(id));
    // One leg of two that are broken is a part of the truth.
    if (named.kind === 'leg')
      return legs.length > 0 && (legs.length === 1 || named.culprits.length > 1) && legs.every(({ id }) => isNamed(id));
    return named.kind === 'check' && checksNamed(it).some((check) => legs.length === 1 && isAllOf(legs[0]?.id ?? '', check, it));
  },
  dns(faults, it) {
    const { named, read } = it;
    const hosts = read.inventory.inventory.hosts;
    const addressesOf = (server: string): string[] => [
      server,
      ...hosts.flatMap(({ id, address }) => (address !== undefined && (id === server || server.split('.')[0] === id) ? [address] : [])),
    ];
    if (named.kind === 'name-server')
      return named.culprits.some((culprit) =>
        faults.some(
          ({ server }) =>
            server === undefined || addressesOf(server).some((address) => address === culprit || sameAddress(address, culprit)),
        ),
      );
    const asking = touched(it).filter(({ type }) => type === 'dns' || type === 'zone' || type === 'delegation' || type === 'propagation');
    if (named.kind === 'service' || named.kind === 'dependency') return asking.some(({ subject }) => named.culprits.includes(subject.id));
    return named.kind === 'check' && asking.some(({ id }) => named.culprits.includes(id));
  },
  backup: (faults, it) =>
    it.named.kind === 'check' &&
    checksNamed(it).some(({ id, subject }) => faults.some(({ backup }) => backup === id || backup === subject.id)),
  desk: (_, { named }) => named.kind === 'desk',
};
function isAnswer<K extends FaultKind>(kind: K, it: Case): boolean {
  const faults = it.recent.flatMap((spell) => (isOf(kind, spell) ? [spell.fault as unknown as FaultOf<K>] : []));
  return answersTo[kind](faults, it);
}

/** "3 things that need web1 fail" does not say that web1 does: only where it leans on a check of web1, or web1 has none. */
function isCalledBroken(subject: string, { named, read }: Case): boolean {
  const own = read.inventory.plan.checks.filter((check) => check.subject.id === subject);
  return named.kind === 'dependency' && (own.length === 0 || own.some(({ id }) => named.explains.includes(id)));
}

/** So many things are named by a sentence of what fails on a machine. */
const mostNamed = 4;
/** "web1 answers, but web sites and databases on it do not work": right where these fail and nothing else there does, for a minute at least. */
function namesAllOnHost(service: string, { named, read, seen, checks, at }: Case): boolean {
  const { plan } = read.inventory;
  const [host = '', another] = named.culprits;
  const on = plan.subjects.filter(({ hosts }) => hosts.includes(host)).map(({ id }) => id);
  const leansOn = named.explains.flatMap((id) => checks.get(id) ?? []);
  const told = new Set(leansOn.map(({ subject }) => subject.id));
  told.delete(host);
  const fails = (id: string, moment: number): boolean =>
    plan.checks.some((check) => check.subject.id === id && seen.touches(check, moment));
  const isAway = claims.host({ named: { culprits: [host], prefixes: [], explains: [] }, plan, seen, at });
  return (
    another === undefined &&
    !isAway &&
    // What leans on a check of the machine says that this fails, too.
    leansOn.every((check) => check.subject.id !== host || seen.touches(check, at)) &&
    told.has(service) &&
    told.size <= mostNamed &&
    [...told].every((id) => on.includes(id) && fails(id, at)) &&
    on.every((id) => told.has(id) || !fails(id, at) || !fails(id, at - MINUTE))
  );
}

/** It is one of several, and which one is not said. Of legs each is named for itself. */
const isTied = ({ kind, culprits }: Named): boolean => kind !== 'leg' && culprits.length > 1;

/** Whether anything in the drill could be seen otherwise if another one of those that are named were broken: a check, or where a trace ends. */
function couldBeTold({ named, recent, read, at }: Case): boolean {
  const { plan, inventory } = read.inventory;
  if (inventory.links.some(({ id, hops }) => named.culprits.includes(id) && hops.length > 0)) return true;
  const seenOf = (spells: readonly Spell[]): string => {
    const { touches } = seenBy(read, spells);
    return plan.checks.map((check) => (touches(check, at) ? check.id : '')).join();
  };
  const real = seenOf(recent);
  return named.culprits.some((culprit) => {
    const others = recent.map((spell) => ({ ...spell, fault: { ...spell.fault, [kindOf(spell.fault)]: culprit } }) as Spell);
    return seenOf(others) !== real;
  });
}

/** What a machine tells of itself while it answers. */
const tells: ReadonlySet<FaultOf<'host'>['mode']> = new Set<FaultOf<'host'>['mode']>([
  'read-only-disk',
  'disk-full',
  'memory-errors',
  'hot',
]);

const isLossy = ({ loss, delayMs, jitterMs }: FaultOf<'link'>): boolean =>
  loss !== undefined || delayMs !== undefined || jitterMs !== undefined;

/** So much is lost that nothing is carried any more. */
const isDeaf = ({ loss = 0 }: FaultOf<'link'>): boolean => loss >= 0.95;

/** No prefix is named that was not dropped lately, and none is left out that is dropped and has been for a cycle. */
function isTheSame({ recent, named, at }: Case): boolean {
  const dropped = (spells: readonly Spell[]): Set<string> =>
    new Set(spells.flatMap(({ fault }) => ('link' in fault ? (fault.prefixes ?? []) : [])));
  const settled = at - MINUTE;
  const [lately, now] = [dropped(recent), dropped(recent.filter(({ from, to }) => from <= settled && to > at))];
  return named.prefixes.length > 0 && named.prefixes.every((id) => lately.has(id)) && [...now].every((id) => named.prefixes.includes(id));
}

const checksNamed = ({ named, checks }: Case): PlannedCheck[] => named.culprits.flatMap((id) => checks.get(id) ?? []);

/** Checks in which the fault can be seen now, or could a cycle ago. */
function touched({ read, seen, recent, at }: Case): PlannedCheck[] {
  const moments = [...new Set([at, ...recent.map(({ to }) => Math.min(at, to - 1))])];
  return read.inventory.plan.checks.filter((check) => moments.some((moment) => seen.touches(check, moment)));
}
/** Whether a check is the only one of its subject that sees anything: naming it is naming all that there is. */
const isAllOf = (subject: string, check: PlannedCheck, it: Case): boolean =>
  check.subject.id === subject && touched(it).every(({ id, subject: of }) => of.id !== subject || id === check.id);

/** Legs of mail in which the fault can be seen, and not only because they go through another one. */
function legsOf(it: Case): { id: string; entry: string }[] {
  const checks = touched(it);
  const known = new Set(checks.flatMap(({ id, subject }) => [id, subject.id]));
  const subjects = new Set(checks.filter(({ through = [] }) => !through.some((id) => known.has(id))).map(({ subject }) => subject.id));
  return it.read.inventory.plan.subjects.flatMap(({ id, leg }) => (leg && subjects.has(id) ? [{ id, entry: leg.entry }] : []));
}
