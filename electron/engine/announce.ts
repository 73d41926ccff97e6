/** What the desk calls out: which changes of alerts want a human's eye or ear now. */
import type { Announcement, OpenCounts } from '../../shared/contract.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft, EventKind } from '../../shared/model/event.ts';

const kinds: Partial<Record<EventKind, Announcement['kind']>> = {
  'alert-raised': 'raised',
  'acknowledgement-cleared': 'again',
  'alert-recovered': 'recovered',
};

/** Of silenced alerts only the end is called out. */
export function announcementsOf(alerts: readonly Alert[], events: readonly EventDraft[]): Announcement[] {
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  return events.flatMap((event): Announcement[] => {
    const kind = kinds[event.kind];
    const alert = kind && 'alert' in event.payload ? byId.get(event.payload.alert ?? '') : undefined;
    if (!kind || !alert || (kind !== 'recovered' && (alert.silencedUntil !== null || alert.endedAt !== null))) return [];
    return [{ kind, severity: kind === 'recovered' ? 'ok' : alert.severity, title: alert.title, text: alert.text, alert: alert.id }];
  });
}

export function countOpen(alerts: Iterable<Alert>): OpenCounts {
  const counts: OpenCounts = { down: 0, degraded: 0, unknown: 0, taken: 0 };
  for (const alert of alerts) {
    counts[alert.severity] += 1;
    if (alert.acknowledgement) counts.taken += 1;
  }
  return counts;
}
