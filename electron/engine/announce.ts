/** What the desk calls out: which changes of alerts want a human's eye or ear now. */
import type { Announcement, OpenCounts } from '../../shared/contract.ts';
import { behindSentence } from '../../shared/diagnosis/behind-words.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft, EventKind } from '../../shared/model/event.ts';

const kinds: Partial<Record<EventKind, Announcement['kind']>> = {
  'alert-raised': 'raised',
  'acknowledgement-cleared': 'again',
  'alert-recovered': 'recovered',
};

/**
 * Of silenced alerts only the end is called out; what nobody has when its silence is over, as if it began then.
 * @param before how the open ones among these alerts were, by id
 */
export function announcementsOf(
  alerts: readonly Alert[],
  events: readonly EventDraft[],
  before: ReadonlyMap<string, Alert>,
): Announcement[] {
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  const called = events.flatMap((event): Announcement[] => {
    const kind = kinds[event.kind];
    const alert = kind && 'alert' in event.payload ? byId.get(event.payload.alert ?? '') : undefined;
    if (!kind || !alert || (kind !== 'recovered' && (alert.silencedUntil !== null || alert.endedAt !== null))) return [];
    return [announcement(kind, alert)];
  });
  const freed = alerts.filter(
    (it) =>
      it.endedAt === null &&
      it.silencedUntil === null &&
      it.acknowledgement === null &&
      (before.get(it.id)?.silencedUntil ?? null) !== null &&
      !called.some(({ alert }) => alert === it.id),
  );
  return [...called, ...freed.map((it) => announcement('again', it))];
}

const announcement = (kind: Announcement['kind'], alert: Alert): Announcement => {
  const behind = kind === 'recovered' ? null : behindSentence(alert);
  return {
    kind,
    severity: kind === 'recovered' ? 'ok' : alert.severity,
    title: alert.title,
    text: behind === null ? alert.text : `${behind} ${alert.text}`,
    alert: alert.id,
  };
};

export function countOpen(alerts: Iterable<Alert>): OpenCounts {
  const counts: OpenCounts = { down: 0, degraded: 0, unknown: 0, taken: 0 };
  for (const alert of alerts) {
    counts[alert.severity] += 1;
    if (alert.acknowledgement) counts.taken += 1;
  }
  return counts;
}
