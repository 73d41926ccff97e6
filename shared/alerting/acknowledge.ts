import type { RequestFailure } from '../bind.ts';
import type { Alert } from '../model/alert.ts';
import type { EventDraft } from '../model/event.ts';
import { fail, ok, type Result } from '../result.ts';
import { listOf } from '../text.ts';

/**
 * "I am on it": all or nothing. Taking over from another person is allowed; both stand in the timeline.
 * @param alerts the known alerts by id
 * @param by and comment: both required
 * @returns the changed alerts and their events; or `alert-gone`, which names what is gone or has ended meanwhile
 */
export function acknowledge(
  alerts: ReadonlyMap<string, Alert> | Readonly<Record<string, Alert>>,
  ids: readonly string[],
  by: string,
  comment: string,
  now: number,
): Result<{ alerts: Alert[]; events: EventDraft[] }, RequestFailure> {
  const who = by.trim();
  const what = comment.trim();
  if (ids.length === 0) return fail({ code: 'bad-input', text: 'Choose an alert.' });
  if (who === '') return fail({ code: 'bad-input', text: 'Say who you are.' });
  if (what === '') return fail({ code: 'bad-input', text: 'Say what you do about it.' });

  const find = (id: string): Alert | undefined => {
    if (alerts instanceof Map) return alerts.get(id);
    return Object.hasOwn(alerts, id) ? (alerts as Record<string, Alert>)[id] : undefined;
  };
  const wanted = [...new Set(ids)].map((id) => ({ id, alert: find(id) }));
  const ended = wanted.flatMap(({ alert }) => (alert && alert.endedAt !== null ? [alert] : []));
  const gone = wanted.flatMap(({ id, alert }) => (alert ? [] : [id]));
  if (ended.length + gone.length > 0) {
    const told = [
      ...(ended.length > 0
        ? [
            `${listOf(
              ended.map((alert) => `“${alert.title}” (${alert.id})`),
              10,
            )} ${ended.length === 1 ? 'has' : 'have'} ended meanwhile.`,
          ]
        : []),
      ...(gone.length > 0 ? [`${gone.length === 1 ? 'There is no alert' : 'There are no alerts'} ${listOf(gone, 10)} (any more).`] : []),
    ];
    return fail({ code: 'alert-gone', text: `${told.join(' ')} Nothing was acknowledged.` });
  }
  const open = wanted.flatMap(({ alert }) => alert ?? []);
  return ok({
    alerts: open.map((alert) => ({ ...alert, acknowledgement: { by: who, comment: what, at: now }, updatedAt: now })),
    events: open.map((alert) => ({
      at: now,
      subject: alert.subject,
      actor: who,
      kind: 'acknowledged',
      payload: { alert: alert.id, title: alert.title, comment: what },
    })),
  });
}
