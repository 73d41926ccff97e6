/** Drafts a document from what the store holds. The words are made by shared/incident/drafts. */
import type { Reply } from '../../shared/bind.ts';
import type { Draft } from '../../shared/incident/draft.ts';
import { drafts } from '../../shared/incident/drafts/index.ts';
import { beginningOf, endOf } from '../../shared/incidents/open.ts';
import type { DocumentKind, DocumentOptions } from '../../shared/model/document.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok } from '../../shared/result.ts';
import { gatherInput, type InputStore } from './gather-input.ts';

export interface DocumentRequest {
  kind: DocumentKind;
  options: DocumentOptions;
  /** One of the two. */
  incident: Incident | null;
  window: MaintenanceWindow | null;
}

/** Takes seconds for a long incident: only the worker calls this in the app. */
export function makeDocument(store: InputStore, plan: Plan, request: DocumentRequest, now: number): Reply<Draft> {
  const { incident, window, options } = request;
  const make = drafts[request.kind];
  if (!make) return fail({ code: 'no-such-kind', text: 'Nightdesk does not draft documents of this kind.' });
  const alerts = incident ? store.alerts(0, now).filter((alert) => incident.alerts.includes(alert.id)) : [];
  const from = incident ? beginningOf(incident, alerts) : Math.min(window?.startedAt ?? window?.from ?? now, now);
  const end = incident ? endOf(incident, alerts) : (window?.endedAt ?? null);
  const input = gatherInput(
    store,
    plan,
    { alerts, from, to: end, title: incident?.title ?? window?.name ?? null, zone: options.zone, incident },
    now,
  );
  return ok(make({ ...input, options, window }));
}
