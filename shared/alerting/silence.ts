/** "Do not tell me until …": what people say of subjects, and which alerts it holds for. Alerts stay on the screen all the same. */
import type { RequestFailure } from '../bind.ts';
import { placesOf } from '../health/graph.ts';
import type { Graph } from '../health/reach.ts';
import type { Alert } from '../model/alert.ts';
import type { EventDraft } from '../model/event.ts';
import type { Silence } from '../model/maintenance.ts';
import { fail, ok, type Result } from '../result.ts';
import { listOf } from '../text.ts';
import { subjectIdOf } from './names.ts';

type Told = Result<{ silence: Silence; events: EventDraft[] }, RequestFailure>;

/**
 * Silences some subjects.
 * @param until epoch ms
 * @returns the silence and its line; or `bad-input`, or `no-such-subject`, which names those that are not in the inventory
 */
export function addSilence(
  said: { subjects: readonly string[]; by: string; reason: string; until: number },
  { now, newId, known }: { now: number; newId: () => string; known: (subject: string) => boolean },
): Told {
  const by = said.by.trim();
  const reason = said.reason.trim();
  const subjects = [...new Set(said.subjects)];
  if (subjects.length === 0) return fail({ code: 'bad-input', text: 'Choose what to silence. Nothing was silenced.' });
  if (by === '') return fail({ code: 'bad-input', text: 'Say who you are. Nothing was silenced.' });
  if (reason === '') return fail({ code: 'bad-input', text: 'Say why. Nothing was silenced.' });
  if (!Number.isFinite(said.until) || said.until <= now)
    return fail({ code: 'bad-input', text: 'The silence would be over already. Nothing was silenced; choose a later time.' });
  const missing = subjects.filter((id) => !known(id));
  if (missing.length > 0) {
    return fail({
      code: 'no-such-subject',
      text: `There is nothing called ${listOf(
        missing.map((id) => `“${id}”`),
        10,
      )} in the inventory. Nothing was silenced.`,
    });
  }
  const silence: Silence = { id: newId(), by, reason, subjects, at: now, until: said.until, endedAt: null };
  const payload = { silence: silence.id, subjects, until: silence.until, reason };
  return ok({ silence, events: [{ kind: 'silenced', at: now, subject: null, actor: by, payload }] });
}

/** Ends a silence before its time. @returns `silence-gone` where there is none (any more) */
export function endSilence(silence: Silence | undefined, { by, now }: { by: string; now: number }): Told {
  const who = by.trim();
  if (who === '') return fail({ code: 'bad-input', text: 'Say who you are. The silence goes on.' });
  if (!silence || !isInForce(silence, now)) return fail({ code: 'silence-gone', text: 'This silence is over already.' });
  const payload = { silence: silence.id, subjects: silence.subjects, why: 'person' } as const;
  return ok({
    silence: { ...silence, endedAt: now },
    events: [{ kind: 'silence-ended', at: now, subject: null, actor: who, payload }],
  });
}

/** The lines of silences whose time ran out. Whoever keeps the silences drops these, so that each is told once. */
export const expireSilences = (silences: readonly Silence[], now: number): EventDraft[] =>
  silences
    .filter((it) => it.endedAt === null && it.until <= now)
    .map((it) => ({
      kind: 'silence-ended',
      at: it.until,
      subject: null,
      actor: 'engine',
      payload: { silence: it.id, subjects: it.subjects, why: 'time' },
    }));

const isInForce = (silence: Silence, now: number): boolean => silence.endedAt === null && silence.until > now;

/** By subject id until when it is silenced, epoch ms: the longest silence counts. */
export function silencedSubjects(silences: readonly Silence[], now: number): ReadonlyMap<string, number> {
  const until = new Map<string, number>();
  for (const silence of silences) {
    if (!isInForce(silence, now)) continue;
    for (const id of silence.subjects) until.set(id, Math.max(until.get(id) ?? 0, silence.until));
  }
  return until;
}

/**
 * Until when nobody is told of an alert: when a silence holds for its root, for a subject of its failed checks, or for the site or the mail entry of
 * one.
 * Mere consequences do not count: who silenced web1 still wants to hear that its uplink is down.
 * @param silenced as silencedSubjects says
 * @returns epoch ms, or null = it is not silenced
 */
export function silencedUntil(
  alert: Pick<Alert, 'subject' | 'checks'>,
  silenced: ReadonlyMap<string, number>,
  graph: Pick<Graph, 'subject'>,
): number | null {
  if (silenced.size === 0) return null;
  let until = 0;
  for (const id of new Set([alert.subject.id, ...alert.checks.map(subjectIdOf)])) {
    const subject = graph.subject(id);
    until = Math.max(until, ...[id, ...(subject ? placesOf(subject) : [])].map((it) => silenced.get(it) ?? 0));
  }
  return until > 0 ? until : null;
}
