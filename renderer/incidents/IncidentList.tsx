/** Incidents that are open, that wait for their report, and older ones: one line each, with what waits for whom. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { FileText, Plus } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { Incident } from '../../shared/model/incident.ts';
import { DAY, zoneTitle } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { ViewHead } from '../components/ViewHead.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { now as rightNow, useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { eventNames } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import { openIncident, openIncidentDialog, openIncidents, useView } from '../state/view.ts';
import css from './IncidentList.module.css';
import { alertsText, factsOf, groupTitles, headlineOf, linesOf, spanOf, spanText, statusTitles } from './incident-words.ts';
import { SeverityMark, SeverityWord } from './SeverityMark.tsx';

/** So far back older ones are looked for. */
const longAgoMs = 5 * 366 * DAY;

export function IncidentList() {
  const live = useLive((it) => it.tables.incidents);
  const names = useLive((it) => eventNames(it.tables));
  const known = useLive((it) => it.connection !== 'connecting');
  const zone = useZone();
  const now = useNow('quarter');
  const [older, setOlder] = useState(false);
  const asked = useAsk(older ? 'incidents' : null, () => engine.incidents({ from: rightNow() - longAgoMs, to: rightNow() }));
  const lines = useMemo(() => linesOf([...Object.values(live), ...(asked.value ?? []).filter((it) => !live[it.id])]), [live, asked.value]);
  const headline = headlineOf(Object.values(live), names, now);
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => (lines[index] && 'group' in lines[index] ? 40 : 64),
    overscan: 8,
    getItemKey: (index) => lines[index]?.key ?? index,
  });

  return (
    <section className={css.view} aria-labelledby="incidents-title">
      <ViewHead id="incidents-title" text={headline.text} mark={headline.severity && <SeverityMark severity={headline.severity} />}>
        <Button icon={<FileText />} keyHint="d" onClick={() => openIncidents({ kind: 'report' })}>
          Quick report
        </Button>
        <Button variant="primary" icon={<Plus />} keyHint="o" onClick={() => openIncidentDialog({ what: 'open', alerts: [] })}>
          Open an incident
        </Button>
      </ViewHead>
      {asked.failure && (
        <Notice tone="bad" title="Older incidents could not be read." actions={<Button onClick={asked.again}>Try again</Button>}>
          {asked.failure}
        </Notice>
      )}
      {known && lines.length === 0 && !asked.asking && <Empty older={older} />}
      <section
        ref={scroll}
        className={css.scroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label="Incidents"
      >
        <ul className={css.lines} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={css.line}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {'incident' in line ? (
                  <Row incident={line.incident} now={now} />
                ) : (
                  <h3 className={css.group}>
                    {groupTitles[line.group]} <span className={css.count}>{line.count}</span>
                    {item.index === 0 && <span className={css.zone}>times in {zoneTitle(now, zone)}</span>}
                  </h3>
                )}
              </li>
            );
          })}
        </ul>
        {known && (
          <div className={css.foot} data-empty={lines.length === 0 ? '' : undefined}>
            {!older && <Button onClick={() => setOlder(true)}>Show older ones</Button>}
            {asked.asking && <span role="status">Reading older incidents…</span>}
            {asked.value && <span>That is all there is.</span>}
          </div>
        )}
      </section>
    </section>
  );
}

function Empty({ older }: { older: boolean }) {
  return (
    <div className={css.empty}>
      <p className={css.emptyTitle}>{older ? 'There has been no incident yet' : 'No incident in the last 30 days'}</p>
      <p>
        An incident holds together what belongs together: its alerts, what was said and done, what a provider still owes, and its reports.
        Open one when you take an alert on, or here, also afterwards.
      </p>
    </div>
  );
}

function Row({ incident: it, now }: { incident: Incident; now: number }) {
  const zone = useZone();
  const names = useLive((live) => eventNames(live.tables));
  const alerts = useLive((live) => live.tables.alerts);
  const current = useView((view) => view.incidentCursor === it.id);
  const facts = factsOf(it, names, zone, now);
  const openAlerts = it.alerts.filter((id) => alerts[id]?.endedAt === null).length;
  return (
    <button
      type="button"
      className={css.row}
      data-incident={it.id}
      data-current={current ? '' : undefined}
      data-over={it.status === 'resolved' || it.status === 'reported' ? '' : undefined}
      onClick={() => openIncident(it.id)}
      onFocus={() => useView.setState({ incidentCursor: it.id })}
    >
      <SeverityWord severity={it.severity} />
      <span className={css.words}>
        <span className={css.name}>{it.title}</span>
        {facts.length > 0 && (
          <span className={css.facts}>
            {facts.map((fact) => (
              <span key={fact.key} data-tone={fact.tone}>
                {fact.text}
              </span>
            ))}
          </span>
        )}
      </span>
      <span className={css.status} data-status={it.status}>
        {statusTitles[it.status]}
      </span>
      <span className={css.when}>
        {spanText(spanOf(it, alerts), zone, now)
          .split(' · ')
          .map((piece) => (
            <span key={piece}>{piece}</span>
          ))}
      </span>
      <span className={css.lead}>{it.lead ?? <span className={css.nobody}>nobody leads</span>}</span>
      <span className={css.alerts}>{alertsText(it.alerts.length, openAlerts)}</span>
    </button>
  );
}
