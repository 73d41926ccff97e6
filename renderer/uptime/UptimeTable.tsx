/** The table of uptime. Only the rows in sight are on the page: a thousand of them scroll as ten do. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight } from 'lucide-react';
import { useRef } from 'react';
import { humanDuration } from '../../shared/time.ts';
import type { UptimeLine, UptimeParts, UptimeReport } from '../../shared/uptime/report.ts';
import css from './Uptime.module.css';
import { availabilityText, minutesText, parts, partsText, type Row, type Sort, shareText } from './uptime-table.ts';

const rowRem = 2.75;

export interface UptimeTableProps {
  rows: readonly Row[];
  report: UptimeReport;
  sort: Sort;
  onSort(sort: Sort): void;
  onToggle(key: string): void;
}

export function UptimeTable({ rows, report, sort, onSort, onToggle }: UptimeTableProps) {
  const scroll = useRef<HTMLElement>(null);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowRem * rem,
    overscan: 8,
    getItemKey: (index) => rows[index]?.key ?? index,
  });
  const whole = report.to - report.from;
  const sortable = (by: Sort, title: string, direction: 'ascending' | 'descending') => (
    <th scope="col" aria-sort={sort === by ? direction : 'none'}>
      <button type="button" className={css.sort} onClick={() => onSort(sort === by ? 'inventory' : by)}>
        {title}
        <span aria-hidden>{sort === by ? (direction === 'ascending' ? ' ▲' : ' ▼') : ''}</span>
      </button>
    </th>
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={css.scroll} ref={scroll} tabIndex={0} aria-label="Uptime by site, thing and check">
      <table aria-label="Uptime" aria-rowcount={rows.length + 1} className={css.table}>
        <thead className={css.headRow}>
          <tr aria-rowindex={1} className={css.row}>
            {sortable('name', 'Name', 'ascending')}
            {sortable('availability', 'Availability', 'ascending')}
            <th scope="col">Parts</th>
            {parts.map((it) => (
              <th key={it.part} scope="col" className={css.number} title={it.help}>
                {it.title}
              </th>
            ))}
            {sortable('outages', 'Outages', 'descending')}
            {sortable('longest', 'Longest', 'descending')}
          </tr>
        </thead>
        <tbody style={{ position: 'relative', height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <tr
                key={item.key}
                aria-rowindex={item.index + 2}
                className={css.row}
                data-kind={row.kind}
                style={{ position: 'absolute', top: 0, left: 0, right: 0, height: item.size, transform: `translateY(${item.start}px)` }}
              >
                {row.kind === 'elsewhere' ? (
                  <td className={css.name}>At no site</td>
                ) : (
                  <Cells row={row} whole={whole} onToggle={onToggle} />
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Cells({ row, whole, onToggle }: { row: Exclude<Row, { kind: 'elsewhere' }>; whole: number; onToggle(key: string): void }) {
  const { line } = row;
  return (
    <>
      <td className={css.name}>
        {row.checks > 0 ? (
          <button
            type="button"
            className={css.unfold}
            aria-expanded={row.open}
            aria-label={`${line.name}: ${row.open ? 'hide' : 'show'} its checks`}
            onClick={() => onToggle(row.key)}
          >
            <ChevronRight aria-hidden />
            <span className={css.cut}>{line.name}</span>
          </button>
        ) : (
          <span className={css.cut}>{line.name}</span>
        )}
      </td>
      <td className={css.number} data-none={line.availability === null ? '' : undefined}>
        {availabilityText(line.availability)}
      </td>
      <td>
        <Bar line={line} whole={whole} />
      </td>
      {parts.map(({ part }) => (
        <Amount key={part} part={part} ms={line.parts[part]} whole={whole} />
      ))}
      <td className={css.number} data-none={line.outages === 0 ? '' : undefined}>
        {line.outages}
      </td>
      <td className={css.number} data-none={line.longestOutageMs === 0 ? '' : undefined}>
        {line.longestOutageMs === 0 ? '–' : humanDuration(line.longestOutageMs)}
      </td>
    </>
  );
}

function Amount({ part, ms, whole }: { part: keyof UptimeParts; ms: number; whole: number }) {
  return (
    <td className={css.number} data-none={ms === 0 ? '' : undefined} data-bad={part === 'down' && ms > 0 ? '' : undefined}>
      {ms === 0 ? (
        '–'
      ) : (
        <>
          {minutesText(ms)}
          <small>{shareText(ms, whole)}</small>
        </>
      )}
    </td>
  );
}

function Bar({ line, whole }: { line: UptimeLine; whole: number }) {
  return (
    <span className={css.bar} role="img" aria-label={partsText(line, whole)}>
      {parts.map(({ part }) => line.parts[part] > 0 && <span key={part} data-part={part} style={{ flexGrow: line.parts[part] / whole }} />)}
    </span>
  );
}
