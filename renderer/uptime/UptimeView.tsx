/** How long things were up: per site, thing and check, for a stretch of time, with planned apart from unplanned. */
import { useEffect, useMemo, useState } from 'react';
import { create } from 'zustand';
import { count } from '../../shared/text.ts';
import { stamp, zoneTitle } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { now, useRealNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useLive, useZone } from '../state/live.ts';
import { CsvDialog, type UptimeAnswer } from './CsvDialog.tsx';
import { type Range, type RangeChoice, rangeChoices, rangeLabels, rangeOf } from './ranges.ts';
import css from './Uptime.module.css';
import { UptimeTable } from './UptimeTable.tsx';
import { parts, rowsOf, type Sort, summaryOf } from './uptime-table.ts';

interface Shown {
  choice: RangeChoice;
  custom: { first: string; last: string };
  /** The moment up to which it was asked: the ranges that reach to now do not creep. 0 = the screen was not opened yet. */
  asOf: number;
  sort: Sort;
  typed: string;
  open: ReadonlySet<string>;
}
/** Stays while another screen is looked at. */
const useShown = create<Shown>(() => ({
  choice: '7d',
  custom: { first: '', last: '' },
  asOf: 0,
  sort: 'availability',
  typed: '',
  open: new Set(),
}));
const show = useShown.setState;
/** What was asked so long ago is asked anew when the screen is opened. */
const oldMs = 60_000;

export function UptimeView() {
  const zone = useZone();
  const { choice, custom, asOf, sort, typed, open } = useShown();
  const [exporting, setExporting] = useState<UptimeAnswer | null>(null);
  useEffect(() => {
    if (now() - useShown.getState().asOf > oldMs) show({ asOf: now() });
  }, []);
  const reading = rangeOf(choice, custom, zone, asOf);
  const range = 'range' in reading && asOf > 0 ? reading.range : null;
  const asked = useAsk(range ? `uptime ${range.from} ${range.to} ${zone}` : null, () =>
    engine.uptime({ from: range?.from ?? 0, to: range?.to ?? 0, subjects: null, zone }),
  );
  const answer = asked.value;
  const report = answer?.report ?? null;
  const rows = useMemo(() => (report ? rowsOf(report, sort, open, typed) : []), [report, sort, open, typed]);
  const toggle = (key: string) => {
    const next = new Set(useShown.getState().open);
    if (!next.delete(key)) next.add(key);
    show({ open: next });
  };

  return (
    <section className={css.view} aria-labelledby="uptime-title">
      <header className={css.head}>
        <div className={css.titles}>
          <h2 className={css.title} id="uptime-title">
            {report ? summaryOf(report) : 'Uptime'}
          </h2>
          <p className={css.soft}>{range ? rangeText(range, zone) : asOf > 0 && 'Choose the days.'}</p>
        </div>
        <Button onClick={() => show({ asOf: now() })} disabled={asked.asking}>
          Read again
        </Button>
        <Button variant="primary" disabled={!answer} onClick={() => setExporting(answer)}>
          Export CSV…
        </Button>
      </header>
      <div className={css.tools}>
        <fieldset className={css.choices} aria-label="Stretch of time">
          {rangeChoices.map((it) => (
            <button
              key={it}
              type="button"
              className={css.chip}
              aria-pressed={choice === it}
              onClick={() => show({ choice: it, asOf: now() })}
            >
              {rangeLabels[it]}
            </button>
          ))}
        </fieldset>
        {choice === 'custom' && <CustomDays custom={custom} problem={'problem' in reading ? reading : null} />}
        <input
          className={css.filter}
          type="search"
          data-filter-box
          aria-label="Only what has these words in its name"
          placeholder="Name ( / )"
          value={typed}
          maxLength={100}
          onChange={(event) => show({ typed: event.target.value })}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <Legend />
      </div>
      {asked.failure && (
        <div className={css.notice}>
          <Notice tone="bad" title="Uptime could not be read." actions={<Button onClick={asked.again}>Try again</Button>}>
            {asked.failure}
          </Notice>
        </div>
      )}
      {range && !answer && !asked.failure && <Reading key={`${range.from} ${range.to}`} range={range} />}
      {report && rows.length === 0 && (
        <p className={css.empty}>
          {report.lines.length === 0
            ? 'Nothing in the inventory has checks yet. Add a server on the desk, and its uptime is counted from then on.'
            : `Nothing is called “${typed.trim()}”.`}
        </p>
      )}
      {report && rows.length > 0 && (
        <UptimeTable rows={rows} report={report} sort={sort} onSort={(next) => show({ sort: next })} onToggle={toggle} />
      )}
      {exporting && <CsvDialog answer={exporting} zone={zone} onClose={() => setExporting(null)} />}
    </section>
  );
}

/** "2026-11-13 05:39:12 PST to 2026-11-20 05:39:12 PST, days and months in PST (UTC−8)". */
const rangeText = (range: Range, zone: string): string =>
  `${stamp(range.from, zone)} to ${stamp(range.to, zone)} · ${zone}, ${zoneTitle(range.to, zone)}`;

function CustomDays({ custom, problem }: { custom: Shown['custom']; problem: { problem: string; field: 'first' | 'last' } | null }) {
  const change = (some: Partial<Shown['custom']>) => show({ custom: { ...custom, ...some }, asOf: now() });
  // An empty field is no mistake yet: the line under the title says what is missing.
  const wrong = problem && custom[problem.field] !== '' ? problem : null;
  return (
    <fieldset className={css.days} aria-label="Days">
      <input
        type="date"
        aria-label="First day"
        aria-invalid={wrong?.field === 'first' || undefined}
        aria-describedby={wrong ? 'uptime-days-problem' : undefined}
        value={custom.first}
        onChange={(event) => change({ first: event.target.value })}
      />
      to
      <input
        type="date"
        aria-label="Last day"
        aria-invalid={wrong?.field === 'last' || undefined}
        aria-describedby={wrong ? 'uptime-days-problem' : undefined}
        value={custom.last}
        onChange={(event) => change({ last: event.target.value })}
      />
      {wrong && (
        <span id="uptime-days-problem" className={css.error} role="alert">
          {wrong.problem}
        </span>
      )}
    </fieldset>
  );
}

function Legend() {
  return (
    <ul className={css.legend} aria-label="Parts of the bars">
      {parts.map((it) => (
        <li key={it.part} title={it.help}>
          <StandingMark standing={it.standing} silent />
          {it.title}
        </li>
      ))}
    </ul>
  );
}

/** A year of a thousand checks takes a few seconds: it is said that something happens, and for how long already. */
function Reading({ range }: { range: Range }) {
  const at = useRealNow('second');
  const [since] = useState(() => Date.now());
  const checks = useLive((live) => Object.keys(live.tables.plans).length);
  const days = Math.max(1, Math.round((range.to - range.from) / 86_400_000));
  const seconds = Math.max(0, Math.floor((at - since) / 1_000));
  return (
    <div className={css.empty} role="status">
      <p>
        Reading {count(days, 'day')} of {count(checks, 'check')}…
      </p>
      <div className={css.progress} aria-hidden>
        <span />
      </div>
      <p className={css.soft}>{seconds < 2 ? '' : `${seconds} s so far. The watching goes on meanwhile.`}</p>
    </div>
  );
}
