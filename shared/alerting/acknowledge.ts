/** "I am on it", and "I am not on it any more": what people say of alerts. */
import type { RequestFailure } from '../bind.ts';
import type { Acknowledgement, Alert } from '../model/alert.ts';
import type { EventDraft } from '../model/event.ts';
import { fail, ok, type Result } from '../result.ts';
import { clean, listOf } from '../text.ts';
import { humanDuration, SECOND } from '../time.ts';

type Alerts = ReadonlyMap<string, Alert> | Readonly<Record<string, Alert>>;
type Told = Result<{ alerts: Alert[]; events: EventDraft[] }, RequestFailure>;
type Taken = Alert & { acknowledgement: Acknowledgement };

/** How many alerts a refusal names. */
const mostNamed = 10;
const named = (alerts: readonly Alert[]): string =>
  listOf(
    alerts.map((alert) => `“${clean(alert.title, 120)}”`),
    mostNamed,
  );

/**
 * Takes alerts on: all or nothing. Saying it again of one's own replaces what was said.
 * @param alerts the known alerts by id
 * @param said who, what they do about it, whether it stays until all is ok (`sticky`), when it opens again by itself (`until`, epoch
 *   ms), and whether it is meant where another person has one of them already (`takeOver`)
 * @returns the changed alerts and their events; or `bad-input`, `alert-gone` (names what is gone or has ended meanwhile), or
 *   `already-taken` (names who has them)
 */
export function acknowledge(
  alerts: Alerts,
  ids: readonly string[],
  said: { by: string; comment: string; sticky?: boolean; until?: number | null; takeOver?: boolean },
  now: number,
): Told {
  const by = said.by.trim();
  const comment = said.comment.trim();
  const { sticky = false, until = null, takeOver = false } = said;
  const bad = missingWords(ids, by, comment, 'Say what you do about it.');
  if (bad) return fail(bad);
  if (until !== null && !(until > now)) return fail({ code: 'bad-input', text: 'It would open again at once. Choose a later time.' });

  const found = findOpen(alerts, ids, 'Nothing was acknowledged.');
  if (!found.ok) return found;
  const taken = found.value.filter((it): it is Taken => it.acknowledgement !== null && it.acknowledgement.by !== by);
  if (taken.length > 0 && !takeOver) {
    const text = `${whoHas(taken, now)} Nothing was changed, and your text is still there: take ${taken.length === 1 ? 'it' : 'them'} over, or leave ${taken.length === 1 ? 'it' : 'them'}.`;
    return fail({ code: 'already-taken', text });
  }
  return ok({
    alerts: found.value.map((alert) => ({
      ...alert,
      acknowledgement: { by, comment, at: now, sticky, until, scope: { checks: alert.checks, severity: alert.severity } },
      updatedAt: now,
    })),
    events: found.value.map((alert) => {
      const before = alert.acknowledgement?.by ?? null;
      return {
        at: now,
        subject: alert.subject,
        actor: by,
        kind: 'acknowledged',
        payload: { alert: alert.id, title: alert.title, comment, sticky, until, from: before === by ? null : before },
      };
    }),
  });
}

/**
 * Gives alerts back: nobody has them any more, and escalation begins anew. All or nothing.
 * @returns the changed alerts and their events; or `bad-input`, `alert-gone`, or `not-taken` (names those that nobody has)
 */
export function release(alerts: Alerts, ids: readonly string[], said: { by: string; comment: string }, now: number): Told {
  const by = said.by.trim();
  const comment = said.comment.trim();
  const bad = missingWords(ids, by, comment, 'Say why.');
  if (bad) return fail(bad);
  const found = findOpen(alerts, ids, 'Nothing was given back.');
  if (!found.ok) return found;
  const free = found.value.filter((it) => it.acknowledgement === null);
  if (free.length > 0) return fail({ code: 'not-taken', text: `Nobody has ${named(free)}. Nothing was given back.` });
  return ok({
    alerts: found.value.map((alert) => openAgain(alert, now)),
    events: found.value.map((alert) => ({
      at: now,
      subject: alert.subject,
      actor: by,
      kind: 'released',
      payload: { alert: alert.id, title: alert.title, comment },
    })),
  });
}

/** Nobody has it any more: escalation counts from now. */
export const openAgain = (alert: Alert, now: number): Alert => ({
  ...alert,
  acknowledgement: null,
  openSince: now,
  escalation: 0,
  updatedAt: now,
});

function missingWords(ids: readonly string[], by: string, comment: string, what: string): RequestFailure | null {
  if (ids.length === 0) return { code: 'bad-input', text: 'Choose an alert.' };
  if (by === '') return { code: 'bad-input', text: 'Say who you are.' };
  return comment === '' ? { code: 'bad-input', text: what } : null;
}

function findOpen(alerts: Alerts, ids: readonly string[], nothing: string): Result<Alert[], RequestFailure> {
  const find = (id: string): Alert | undefined => {
    if (alerts instanceof Map) return alerts.get(id);
    return Object.hasOwn(alerts, id) ? (alerts as Record<string, Alert>)[id] : undefined;
  };
  const wanted = [...new Set(ids)].map((id) => ({ id, alert: find(id) }));
  const ended = wanted.flatMap(({ alert }) => (alert && alert.endedAt !== null ? [alert] : []));
  const gone = wanted.flatMap(({ id, alert }) => (alert ? [] : [id]));
  if (ended.length + gone.length === 0) return ok(wanted.flatMap(({ alert }) => alert ?? []));
  const told = [
    ...(ended.length > 0 ? [`${named(ended)} ${ended.length === 1 ? 'has' : 'have'} ended meanwhile.`] : []),
    ...(gone.length > 0
      ? [`${gone.length === 1 ? 'There is no alert' : 'There are no alerts'} ${listOf(gone, mostNamed)} (any more).`]
      : []),
  ];
  return fail({ code: 'alert-gone', text: `${told.join(' ')} ${nothing}` });
}

/** "Kim has had “web1 is down” for 12 min. Sam has had “db1 is down” and “db2 is down” for 3 min." */
function whoHas(taken: readonly Taken[], now: number): string {
  return [...Map.groupBy(taken, (it) => it.acknowledgement.by)]
    .slice(0, mostNamed)
    .map(([by, theirs]) => {
      const since = Math.min(...theirs.map((it) => it.acknowledgement.at));
      return `${clean(by, 80)} has had ${named(theirs)} for ${humanDuration(Math.max(SECOND, now - since))}.`;
    })
    .join(' ');
}
