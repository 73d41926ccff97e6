/** Drafts the report of some alerts, or of a stretch of time. The words are made by shared/incident. */
import type { Reply } from '../../shared/bind.ts';
import { drillFileName } from '../../shared/documents/drill-band.ts';
import type { Draft } from '../../shared/incident/draft.ts';
import { draftIncident } from '../../shared/incident/draft-incident.ts';
import { draftFileName } from '../../shared/incident/file-name.ts';
import { toHtml } from '../../shared/incident/to-html.ts';
import { toMarkdown } from '../../shared/incident/to-markdown.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok } from '../../shared/result.ts';
import { gatherInput, type InputStore } from './gather-input.ts';

export interface DraftRequest {
  /** Ids; null = all alerts that touch the range. */
  alerts: string[] | null;
  from: number | null;
  to: number | null;
  title: string | null;
  zone: string;
  /** It tells of a drill: whatever is written says so. */
  drill?: boolean;
}
export interface MadeDraft {
  draft: Draft;
  markdown: string;
  html: string;
  fileName: string;
}

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
  const { drill = false } = request;
  const name = draftFileName(draft);
  return ok({ draft, markdown: toMarkdown(draft, drill), html: toHtml(draft, drill), fileName: drill ? drillFileName(name) : name });
}
