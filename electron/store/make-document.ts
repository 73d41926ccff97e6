/** Drafts a document from what the store holds. The words are made by shared/incident/drafts. */
import type { Reply } from '../../shared/bind.ts';
import type { Draft } from '../../shared/incident/draft.ts';
import { type DocumentInput, drafts } from '../../shared/incident/drafts/index.ts';
import { beginningOf, endOf } from '../../shared/incidents/open.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { DocumentKind, DocumentOptions } from '../../shared/model/document.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok } from '../../shared/result.ts';
import { gatherInput, type InputStore } from './gather-input.ts';

/** What a document is about: one of the three. */
export interface About {
  incident: Incident | null;
  window: MaintenanceWindow | null;
  /** A stretch of time, epoch ms, with all alerts that touch it. */
  range?: { from: number; to: number };
}

export interface DocumentRequest extends About {
  kind: DocumentKind;
  options: DocumentOptions;
}

/** Takes seconds for a long incident: only the worker calls this in the app. */
export function makeDocument(store: InputStore, plan: Plan, request: DocumentRequest, now: number): Reply<Draft> {
  const make = drafts[request.kind];
  if (!make) return fail({ code: 'no-such-kind', text: 'Nightdesk does not draft documents of this kind.' });
  return ok(make(documentInput(store, plan, request, now)));
}

/** Reads what a document is made of. @param now epoch ms */
export function documentInput(store: InputStore, plan: Plan, request: Omit<DocumentRequest, 'kind'>, now: number): DocumentInput {
  const { incident, window, range, options } = request;
  const { alerts, from, to } = storyOf(store, request, now);
  const title = incident?.title ?? window?.name ?? null;
  const input = gatherInput(store, plan, { alerts, from, to, exact: range !== undefined, title, zone: options.zone, incident }, now);
  return { ...input, options, window };
}

/** The alerts of what a document is about, and when it began and ended (null = it lasts), epoch ms. */
export function storyOf(
  store: Pick<InputStore, 'alerts' | 'alertsById'>,
  { incident, window, range }: About,
  now: number,
): { alerts: Alert[]; from: number; to: number | null } {
  if (range) return { ...range, alerts: store.alerts(range.from, range.to) };
  if (!incident) return { alerts: [], from: Math.min(window?.startedAt ?? window?.from ?? now, now), to: window?.endedAt ?? null };
  const alerts = store.alertsById(incident.alerts);
  return { alerts, from: beginningOf(incident, alerts), to: endOf(incident, alerts) };
}
