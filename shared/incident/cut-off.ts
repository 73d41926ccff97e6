/** Times in which the desk itself was cut off: what it saw of anything remote then means nothing. */
import { isRemote } from '../health/remote.ts';
import type { NightEvent } from '../model/event.ts';
import type { PlannedCheck } from '../model/plan.ts';
import type { DraftInput } from './input.ts';
import type { Spell } from './spells.ts';
import type { Stretch } from './stretches.ts';

/** @returns those that touch the range, by time */
export function cutOffsOf(input: Pick<DraftInput, 'from' | 'to'>, events: readonly NightEvent[]): Stretch[] {
  const found: Stretch[] = [];
  for (const event of events) {
    if (event.kind === 'desk-cut-off') found.push({ from: event.payload.since, to: null, evidence: [event.id] });
    else if (event.kind === 'desk-connected') {
      const open = found.at(-1);
      if (open && open.to === null) Object.assign(open, { to: event.payload.to, evidence: [...open.evidence, event.id] });
      else found.push({ from: event.payload.from, to: event.payload.to, evidence: [event.id] });
    }
  }
  return found.filter((it) => it.from <= input.to && (it.to ?? input.to) >= input.from);
}

/** Results need a while to come back once the desk is connected. */
const afterMs = (plan: PlannedCheck): number => plan.intervalMs + plan.timeoutMs;

/**
 * Whether a problem is nothing but the desk's own: it went hard while the desk was cut off, and was over soon after it was connected
 * (or the desk is still cut off).
 * @param wentHardAt epoch ms of its hard event, or of its first symptom where that is not known
 */
export function isDesksOwn(cutOffs: readonly Stretch[], plan: PlannedCheck | undefined, spell: Spell, wentHardAt: number): boolean {
  if (!plan || !isRemote(plan)) return false;
  return cutOffs.some(
    (it) =>
      wentHardAt >= it.from &&
      (it.to === null ||
        (wentHardAt <= it.to + afterMs(plan) && spell.from <= it.to && spell.to !== null && spell.to <= it.to + afterMs(plan))),
  );
}

/** The cut-offs that keep anybody from saying how a check did. */
export const hidingOf = (cutOffs: readonly Stretch[], plan: PlannedCheck): readonly Stretch[] => (isRemote(plan) ? cutOffs : []);
