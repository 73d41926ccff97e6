/**
 * What the report of a bad day costs: 24 hours, 100,000 lines, 250 checks that come and go, read from a store. Facts and every draft
 * together should take less than a second. By itself: `node test/bench/drafts-bench.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatherInput } from '../../electron/store/gather-input.ts';
import { openStore } from '../../electron/store/store.ts';
import { drafts } from '../../shared/incident/drafts/index.ts';
import { reportFacts } from '../../shared/incident/report-facts.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { DocumentKind } from '../../shared/model/document.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { plan } from '../support/plans.ts';
import { contact, incidentOf, line, opened, status } from '../support/report-cases.ts';
import { alertOf, check, outage, thing, verdict } from '../support/story.ts';

const from = Date.UTC(2026, 10, 18, 3);
const to = from + DAY;
const hosts = 300;
const bad = 250;
const cycleMs = 15 * MINUTE;
const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };

function badDay() {
  const site = thing('site', 'sd');
  const servers = Array.from({ length: hosts }, (_, index) => thing('host', `h${index}`, { site: 'sd' }));
  const services = Array.from({ length: 20 }, (_, index) =>
    thing('service', `s${index}`, { name: `service ${index}`, hosts: [`h${index * 3}`], site: 'sd' }),
  );
  const checks = servers.flatMap((it) => [check(it, 'icmp'), check(it, 'http'), check(it, 'tcp')]);
  const refused = verdict('down', 'refused', 'connection refused on port 443');
  const failing = checks.filter((it) => it.type === 'http').slice(0, bad);
  const alerts: Alert[] = failing.map((it, index) =>
    alertOf(servers[index] as never, {
      title: `HTTP on h${index} fails`,
      checks: [it.id],
      firstAt: from + index * SECOND,
      raisedAt: from + index * SECOND + 20 * SECOND,
      endedAt: to - 10 * MINUTE,
    }),
  );
  const lines = [
    ...failing.flatMap((it, index) =>
      Array.from({ length: DAY / cycleMs }, (_, cycle) => {
        const begin = from + index * SECOND + cycle * cycleMs;
        return outage(it, begin, begin + 5 * MINUTE, refused);
      }).flat(),
    ),
    ...alerts.flatMap((it) => [
      {
        at: it.raisedAt,
        kind: 'alert-raised' as const,
        subject: it.subject,
        actor: 'engine',
        payload: { alert: it.id, title: it.title, severity: 'down' as const, checks: it.checks, consequences: 0 },
      },
      {
        at: it.endedAt ?? to,
        kind: 'alert-recovered' as const,
        subject: it.subject,
        actor: 'engine',
        payload: { alert: it.id, title: it.title, lastedMs: DAY },
      },
      ...Array.from({ length: 12 }, (_, index) => ({
        at: it.raisedAt + index * 2 * HOUR,
        kind: 'notified' as const,
        subject: null,
        actor: 'engine',
        payload: { channel: 'pager', to: 'kim', message: 'reminder' as const, title: it.title, alerts: [it.id] },
      })),
    ]),
    opened(from + 5 * MINUTE),
    ...Array.from({ length: 40 }, (_, index) => contact(from + index * 30 * MINUTE, { with: 'Provider', text: `call ${index}` })),
    ...Array.from({ length: 40 }, (_, index) =>
      line(from + index * 35 * MINUTE, { type: 'status-update', audience: 'customers', text: `still at it, ${index}`, nextAt: null }),
    ),
    line(to - HOUR, { type: 'root-cause', text: 'a switch that lost its mind' }),
    status(to - 10 * MINUTE, 'investigating', 'resolved', 'switch replaced'),
  ].sort((a, b) => a.at - b.at);
  const events = lines.map((it, index) => ({ ...it, id: `E${String(index).padStart(8, '0')}` }) as NightEvent);
  const incident = incidentOf({ openedAt: from + 5 * MINUTE, alerts: alerts.map((it) => it.id), resolvedAt: to - 10 * MINUTE });
  return { plan: plan({ subjects: [site, ...servers, ...services], checks }), alerts, events, incident };
}

export interface DraftFigures {
  events: number;
  read: number;
  gatherMs: number;
  factsMs: number;
  draftsMs: Partial<Record<DocumentKind, number>>;
  totalMs: number;
}

/** The store is made first; only reading and writing the words is measured, the second time (the first compiles). */
export function draftsBench(): DraftFigures {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-drafts-'));
  try {
    const day = badDay();
    const store = openStore({ folder, now: () => to, retention: forever });
    if (!store.ok) throw new Error(store.failure.text);
    const opened = store.value.store;
    for (let index = 0; index < day.events.length; index += 5_000) opened.commit({ events: day.events.slice(index, index + 5_000) });
    opened.commit({ alerts: day.alerts });
    for (const it of day.plan.checks.slice(0, 900))
      opened.commit({
        samples: Array.from({ length: 24 }, (_, hour) => ({
          check: it.id,
          at: from + hour * HOUR,
          vantage: 'desk',
          value: 1,
          state: 'ok' as const,
          detail: null,
        })),
      });
    // As it is an hour later: rolled up.
    for (let done = opened.maintain(); done.ok && done.value.more; ) done = opened.maintain();
    measure(opened, day);
    const figures = measure(opened, day);
    opened.close();
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(store: Parameters<typeof gatherInput>[0], day: ReturnType<typeof badDay>): DraftFigures {
  const begin = performance.now();
  const about = { alerts: day.alerts, from, to: to - 10 * MINUTE, title: 'A bad day', zone: 'America/Los_Angeles', incident: day.incident };
  const input = gatherInput(store, day.plan, about, to + HOUR);
  const gathered = performance.now();
  const facts = reportFacts(input);
  const known = performance.now();
  const draftsMs: DraftFigures['draftsMs'] = {};
  const options = { zone: input.zone, clock: '24h' as const, update: 'next' as const };
  for (const [kind, make] of Object.entries(drafts)) {
    if (kind.startsWith('maintenance-')) continue;
    const started = performance.now();
    make({ ...input, facts, options, window: null } as never);
    draftsMs[kind as DocumentKind] = Math.round(performance.now() - started);
  }
  return {
    events: day.events.length,
    read: input.events.length,
    gatherMs: Math.round(gathered - begin),
    factsMs: Math.round(known - gathered),
    draftsMs,
    totalMs: Math.round(performance.now() - begin),
  };
}

if (import.meta.main) console.log(JSON.stringify(draftsBench(), null, 1));
