/** The way of packets, hop by hop: named by the inventory, put into words, compared with the way before. Pure. */
import { bitsOf, isInside } from './model/cidr.ts';
import { count, listOf } from './text.ts';

/** One router on the way. */
export interface Hop {
  /** 1 is the first router. */
  at: number;
  /** Null where nothing answered. */
  address: string | null;
  /** What the inventory calls the network that it belongs to. */
  name: string | null;
  lossPercent: number | null;
  /** Round trip, average or the only one. */
  ms: number | null;
  /** It answered that it cannot pass the packet on. */
  refuses?: boolean;
}

export interface Trace {
  /** Epoch ms. */
  at: number;
  /** IP address. */
  target: string;
  /** As far as something answered: silence at the end is left out. */
  hops: Hop[];
  /** The target itself answered. */
  reached: boolean;
  /** Ended before it was done: what lies behind its last hop is not known. */
  cut?: boolean;
}

/** Something of the inventory that routers can belong to. */
export interface Network {
  /** "Cox" for a link. */
  name: string;
  cidr: string;
}

/** The most hops that are kept of one trace. */
export const mostHops = 64;

/** Whether two addresses are the same one, however they are written. */
export function sameAddress(a: string, b: string): boolean {
  const [x, y] = [bitsOf(a), bitsOf(b)];
  return x !== null && y !== null && x.width === y.width && x.value === y.value;
}

/** Gives each hop the name of the smallest network that it lies in. */
export function nameHops(hops: readonly Hop[], networks: readonly Network[]): Hop[] {
  const length = ({ cidr }: Network): number => Number(cidr.split('/')[1]);
  return hops.map((hop) => {
    const { address } = hop;
    const around = address === null ? [] : networks.filter(({ cidr }) => isInside(address, cidr));
    const nearest = around.reduce<Network | null>((best, it) => (best && length(best) >= length(it) ? best : it), null);
    return { ...hop, name: nearest?.name ?? null };
  });
}

/** Hops as a tool gave them, as a trace. */
export function traceOf(hops: readonly Hop[], target: string, at: number, cut = false): Trace {
  const kept = hops.slice(0, mostHops);
  const own = kept.findIndex(({ address, refuses }) => address !== null && refuses !== true && sameAddress(address, target));
  if (own !== -1) kept.length = own + 1;
  while (kept.at(-1)?.address === null) kept.pop();
  const [last, before] = [kept.at(-1), kept.at(-2)];
  // Asked for a hop further, a router that cannot pass it on answers once more.
  if (own === -1 && last && before?.address && last.address && sameAddress(last.address, before.address)) {
    kept.pop();
    kept[kept.length - 1] = { ...before, refuses: true };
  }
  return { at, target, hops: kept, reached: own !== -1, ...(cut && own === -1 ? { cut } : {}) };
}

/** "198.51.100.1 (Cox)". */
const hopWords = ({ address, name }: Hop): string => `${address ?? 'a silent router'}${name === null ? '' : ` (${name})`}`;
const answering = (trace: Trace): Hop[] => trace.hops.filter(({ address }) => address !== null);

/**
 * Where packets are lost, in words, compared with the last trace that came through.
 * @returns "dies inside Cox, after 198.51.100.1 (hop 4 of 9)"; of a trace that came through, where its losses begin
 */
export function whereItDies(trace: Trace, lastGood: Trace | null): string {
  if (trace.reached) return wayWords(trace);
  const last = answering(trace).at(-1);
  const usual = lastGood?.reached ? lastGood : null;
  if (trace.cut)
    return last ? `the trace took too long; it came to ${hopWords(last)} (hop ${last.at})` : 'the trace took too long to say anything';
  if (!last) {
    const first = usual && answering(usual)[0];
    return first ? `no router on the way answers; usually the first is ${hopWords(first)}` : 'no router on the way answers';
  }
  const place = usual?.hops.findIndex(({ address }) => address !== null && sameAddress(address, last.address as string)) ?? -1;
  const onTheWay = usual !== null && place !== -1;
  const next = onTheWay ? (usual.hops.slice(place + 1).find(({ address }) => address !== null) ?? null) : null;
  // A router that turns packets back answers for hops behind it, too: its own number is the one it had on the usual way.
  const hop = onTheWay ? `${usual.hops[place]?.at} of ${usual.hops.length}` : `${last.at}`;
  const after = `after ${last.address} (hop ${hop})${last.refuses ? ', which says that it knows no way on' : ''}`;
  const strange = usual !== null && !onTheWay ? '; this is not the usual way' : '';
  return `${deathPlace(last, next, usual && onTheWay ? usual.target : null)}${after}${strange}`;
}

/** "dies inside Cox, ". @param next the one that usually comes next @param usualTarget null: nobody knows what usually comes next */
function deathPlace(last: Hop, next: Hop | null, usualTarget: string | null): string {
  if (usualTarget !== null && next && next.address !== null && sameAddress(next.address, usualTarget)) return 'dies at the last step, ';
  if (last.name !== null && next?.name === last.name) return `dies inside ${last.name}, `;
  if (last.name !== null && next && next.name !== null) return `dies between ${last.name} and ${next.name}, `;
  if (last.name !== null && next) return `dies on leaving ${last.name}, `;
  if (last.name !== null) return `dies inside ${last.name} or right behind it, `;
  if (next && next.name !== null) return `dies on the way into ${next.name}, `;
  return 'dies ';
}

/** "reaches 203.0.113.9 in 9 hops through Cox"; with the loss at the end, and where it begins. */
export function wayWords(trace: Trace): string {
  const names = throughOf(trace);
  const through = names.length === 0 ? '' : ` through ${listOf(names, 4)}`;
  const way = `reaches ${trace.target} in ${count(trace.hops.length, 'hop')}${through}`;
  const lost = trace.hops.at(-1)?.lossPercent ?? 0;
  if (lost <= 0) return way;
  // Routers that answer seldom lose nothing of what they pass on: a loss counts only where all behind it lose as well.
  const known = answering(trace);
  let begins = known.length - 1;
  while (begins > 0 && (known[begins - 1]?.lossPercent ?? 0) >= lost / 2) begins -= 1;
  const first = known[begins] as Hop;
  return `${way}; ${Math.round(lost)} % lost, from ${hopWords(first)} on (hop ${first.at} of ${trace.hops.length})`;
}

/** Names along the way, each once for a stretch of hops in a row. */
function throughOf(trace: Trace): string[] {
  const names = trace.hops.flatMap(({ name }) => name ?? []);
  return names.filter((name, index) => name !== names[index - 1]);
}

/** The way as one line, for telling whether it was taken before. */
export const signatureOf = (trace: Trace): string => trace.hops.map(({ address }) => address ?? '*').join(' ');

/**
 * What changed on the way to one target between two traces. Where one of them was silent, nothing is known to have changed; a trace
 * that did not come through is compared as far as it went.
 * @param known signatures of ways taken before: going back and forth between routers of the same networks is no news
 */
export function pathChange(before: Trace, after: Trace, known: readonly string[] = []): { code: 'path-changed'; text: string } | null {
  const differs = ({ at, address }: Hop): Hop | null => {
    const old = before.hops.find((hop) => hop.at === at);
    return old?.address && address && !sameAddress(old.address, address) ? old : null;
  };
  const first = after.hops.find((hop) => differs(hop) !== null);
  const longer = after.reached && before.reached && after.hops.length !== before.hops.length;
  if (!first && !longer) return null;
  const [was, is] = [throughOf(before), throughOf(after)];
  const others = after.reached && was.join('\n') !== is.join('\n');
  if (!others && known.includes(signatureOf(after))) return null;
  const hops = longer ? `, ${count(after.hops.length, 'hop')} instead of ${before.hops.length}` : '';
  const list = (names: readonly string[]): string => (names.length === 0 ? 'networks without a name' : listOf(names, 4));
  if (others)
    return { code: 'path-changed', text: `the way to ${after.target} changed: through ${list(is)} instead of ${list(was)}${hops}` };
  const old = first && differs(first);
  const where = first && old ? `: hop ${first.at} is ${hopWords(first)} instead of ${hopWords(old)}` : '';
  return { code: 'path-changed', text: `the way to ${after.target} changed${where}${where === '' ? hops.replace(',', ':') : hops}` };
}
