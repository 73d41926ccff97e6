/** Gathers what a draft is made of from the store. The words are made by shared/incident. */
import type { Reply } from '../../shared/bind.ts';
import type { Draft } from '../../shared/incident/draft.ts';
import { draftIncident } from '../../shared/incident/draft-incident.ts';
import { draftFileName } from '../../shared/incident/file-name.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import { toHtml } from '../../shared/incident/to-html.ts';
import { toMarkdown } from '../../shared/incident/to-markdown.ts';
import { mergeWindows } from '../../shared/maintenance/merge.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok } from '../../shared/result.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import type { StoreReader } from './store.ts';

export interface DraftRequest {
  /** Ids; null = all alerts that touch the range. */
  alerts: string[] | null;
  from: number | null;
  to: number | null;
  title: string | null;
  zone: string;
}
export interface MadeDraft {
  draft: Draft;
  markdown: string;
  html: string;
  fileName: string;
}

/** What people write a little after the last recovery often belongs to the story. (What came before the first symptom is read below, for an hour.) */
const afterMs = 10 * MINUTE;
/** Far more than a person reads; the draft folds runs of the same anyway, and says where they begin. */
const mostEvents = 20_000;

/** Drafts the report of some alerts, or of a stretch of time. A year takes seconds: in the app only the history worker calls this. */
export function makeDraft(store: InputStore, plan: Plan, request: DraftRequest, now: number): Reply<MadeDraft> {
  const everything = store.alerts(request.from ?? 0, request.to ?? now);
  const alerts = request.alerts === null ? everything : everything.filter((alert) => request.alerts?.includes(alert.id));
  const missing = request.alerts?.filter((id) => !alerts.some((alert) => alert.id === id)) ?? [];
  if (missing.length > 0) return fail({ code: 'no-such-alert', text: 'An alert that was chosen is not there (any more). Choose again.' });
  if (alerts.length === 0 && request.from === null)
    return fail({ code: 'nothing-chosen', text: 'Choose at least one alert, or a stretch of time.' });

  // Not earlier: a desk that was started ten minutes before the trouble would have to call everything else "not known".
  const from = request.from ?? Math.min(...alerts.map((alert) => alert.firstAt));
  const ended =
    alerts.length > 0 && alerts.every((alert) => alert.endedAt !== null) ? Math.max(...alerts.map((alert) => alert.endedAt ?? now)) : null;
  const input = gatherInput(
    store,
    plan,
    { alerts, from, to: request.to ?? ended, exact: request.to !== null, title: request.title, zone: request.zone },
    now,
  );
  if (input.to <= from) return fail({ code: 'bad-range', text: 'The end of the stretch must come after its beginning.' });
  const draft = draftIncident(input);
  return ok({ draft, markdown: toMarkdown(draft), html: toHtml(draft), fileName: draftFileName(draft) });
}

export type InputStore = Pick<StoreReader, 'alerts' | 'events' | 'coverage' | 'windows'>;

/**
 * Reads everything that a draft is made of.
 * @param about `to` null = it lasts; `exact` = not a minute more than that
 */
export function gatherInput(
  store: InputStore,
  plan: Plan,
  about: {
    alerts: Alert[];
    from: number;
    to: number | null;
    exact?: boolean;
    title: string | null;
    zone: string;
    incident?: Incident | null;
  },
  now: number,
): DraftInput {
  const { alerts, from, title, zone, incident = null } = about;
  const to = about.to === null ? now : about.exact ? about.to : Math.min(now, about.to + afterMs);
  const events = store
    .events({ before: null, limit: mostEvents, kinds: null, subjects: null, text: null, from: Math.max(0, from - HOUR), to })
    .reverse();
  const checks = plan.checks.map((check) => check.id);
  return {
    organization: plan.organization,
    zone,
    from,
    to,
    now,
    title: title || null,
    incident,
    alerts,
    events,
    eventsCut: events.length === mostEvents,
    subjects: plan.subjects,
    plans: plan.checks,
    coverage: Object.fromEntries(store.coverage(checks, from, to)),
    windows: mergeWindows(plan.maintenance ?? [], store.windows()),
  };
}
