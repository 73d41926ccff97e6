/** Which checks look at something beyond this computer. */
import { hostOf, readUrl } from '../checks/http-settings.ts';
import { DEFAULT_GATEWAY } from '../checks/icmp.ts';
import { bitsOf } from '../model/cidr.ts';
import type { PlannedCheck } from '../model/plan.ts';

const known = new WeakMap<PlannedCheck, boolean>();

/**
 * Whether a check needs the desk's own connection: false for this computer (loopback, localhost, its load and disks) and for the
 * anchors by which the desk judges its connection.
 */
export function isRemote(plan: PlannedCheck): boolean {
  const have = known.get(plan);
  if (have !== undefined) return have;
  const remote =
    plan.type !== 'host' && plan.subject.kind !== 'desk' && !isFileHere(plan) && !addressesOf(plan).every((it) => isThisComputer(it));
  known.set(plan, remote);
  return remote;
}

/** Ok for hours by what was heard once, or by what some resolver remembers. */
const fromMemory: ReadonlySet<string> = new Set(['push', 'domain', 'visibility', 'propagation', 'posture', 'blocklist']);

/** Backups on a disk of this computer, and no copy elsewhere; its own mail queue. */
const isFileHere = ({ type, config: { source, offsite } }: PlannedCheck): boolean =>
  source === 'local' &&
  (isOf(type, 'queue') || (type === 'backup' && (offsite as { address?: string } | undefined)?.address === undefined));

const isOf = (type: string, wanted: string): boolean => type === wanted;

/**
 * Whether a check looks no further than the way out: at the default gateway, or through this computer's own resolver, which may answer from
 * its memory, or tells what it learnt a while ago. All of them go on answering while the provider's line behind them is cut.
 */
export const isNear = ({ type, config: { address, server, source } }: PlannedCheck): boolean =>
  address === DEFAULT_GATEWAY ||
  fromMemory.has(type) ||
  (type === 'backup' && source !== 'ssh') ||
  (type === 'dns' && (typeof server !== 'string' || server === 'system'));

/** Whether an ok of this check shows that the desk is connected. */
export const provesConnection = (plan: PlannedCheck): boolean => isRemote(plan) && !isNear(plan);

/** All places that a check goes to, at least one. A round trip goes where it hands its message in and where it looks for it. */
function addressesOf(plan: PlannedCheck): string[] {
  const { send, fetch } = plan.config as { send?: { address?: string }; fetch?: { address?: string } };
  return isOf(plan.type, 'roundtrip') ? [send?.address ?? '', fetch?.address ?? ''] : [addressOf(plan)];
}

function addressOf({ type, config: { address, url, server } }: PlannedCheck): string {
  if (type === 'dns') return typeof server === 'string' ? server : '';
  if (typeof address === 'string') return address;
  const read = typeof url === 'string' ? readUrl(url) : null;
  return read ? hostOf(read) : '';
}

const mapped = 0xffffn << 32n;

function isThisComputer(address: string): boolean {
  const name = address.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const bits = bitsOf(name);
  if (!bits) return false;
  const isMapped = bits.width === 128 && bits.value >> 32n === 0xffffn;
  if (bits.width === 128 && !isMapped) return bits.value <= 1n;
  const value = isMapped ? bits.value - mapped : bits.value;
  // 127.0.0.0/8, and 0.0.0.0, which connects to this computer too.
  return value >> 24n === 127n || value === 0n;
}
