/** Writes samples, and reads the newest ones. */
import type { DatabaseSync } from 'node:sqlite';
import type { SeenRun } from '../../shared/incident/input.ts';
import type { Level } from '../../shared/model/words.ts';
import { hourOf, packLevel, packValue, unpackLevel, unpackValue } from './codec.ts';
import { packPings } from './ping-codec.ts';
import type { Row } from './rows.ts';

/** One result of one check. */
export interface Sample {
  check: string;
  /** Epoch ms. A second sample of the same check, vantage and ms replaces the first. */
  at: number;
  /** Where it was made from: `desk`, or an agent's id. */
  vantage: string;
  /** In the check type's unit, or null where nothing was measured. */
  value: number | null;
  state: Level;
  /** Reason code and text, only when not ok. */
  detail: string | null;
  /** Single round trips of a probe with many packets, in ms; null = lost. Kept as long as the sample. */
  pings?: readonly (number | null)[];
}

export interface SampleWriter {
  /** Must run within a transaction. */
  write(samples: readonly Sample[]): void;
  /** The transaction is on disk. */
  committed(): void;
  /** The transaction was rolled back: what was remembered of it is forgotten. */
  rolledBack(): void;
  /** An hour was rolled up: its next sample must say again that it is due. */
  settled(series: number, hour: number): void;
}

interface Known {
  id: number;
  /** The newest hour that is known to be marked as due; -1 when that is not known. */
  dueHour: number;
}

export function sampleWriter(db: DatabaseSync): SampleWriter {
  const insert = db.prepare(`INSERT INTO samples (series, at, state, value, detail) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (series, at) DO UPDATE SET state = excluded.state, value = excluded.value, detail = excluded.detail`);
  const putPings = db.prepare(`INSERT INTO pings (series, at, lost, rtts) VALUES (?, ?, ?, ?)
    ON CONFLICT (series, at) DO UPDATE SET lost = excluded.lost, rtts = excluded.rtts`);
  const markDue = db.prepare('INSERT OR IGNORE INTO due (series, hour) VALUES (?, ?)');
  const addSeries = db.prepare(
    'INSERT INTO series (check_id, vantage) VALUES (?, ?) ON CONFLICT DO UPDATE SET vantage = vantage RETURNING id',
  );

  /** By vantage and check, so that a usual write needs one statement. */
  const known = new Map<string, Known>();
  const byId = new Map<number, Known>();
  let touched = new Set<string>();

  const seriesOf = (check: string, vantage: string) => {
    const key = `${vantage}\n${check}`;
    const found = known.get(key);
    if (found) return { key, entry: found };
    const entry = { id: Number(addSeries.get(check, vantage)?.id), dueHour: -1 };
    known.set(key, entry);
    byId.set(entry.id, entry);
    touched.add(key);
    return { key, entry };
  };

  return {
    write(samples) {
      for (const { check, vantage, at, state, value, detail, pings } of samples) {
        const { key, entry } = seriesOf(check, vantage);
        insert.run(entry.id, at, packLevel(state), packValue(value), detail);
        if (pings) {
          const { lost, rtts } = packPings(pings);
          putPings.run(entry.id, at, lost, rtts);
        }
        const hour = hourOf(at);
        if (hour === entry.dueHour) continue;
        markDue.run(entry.id, hour);
        entry.dueHour = hour;
        touched.add(key);
      }
    },
    committed() {
      touched = new Set();
    },
    rolledBack() {
      for (const key of touched) known.delete(key);
      touched = new Set();
    },
    settled(series, hour) {
      const entry = byId.get(series);
      if (entry?.dueHour === hour) entry.dueHour = -1;
    },
  };
}

export interface SampleReader {
  /** When the newest sample of all was made, epoch ms; null when there is none. In the future after a clock that went wrong. */
  lastSampleAt(): number | null;
  /** The newest values of every check, oldest first, null where nothing was measured. */
  sparks(perCheck: number): Map<string, (number | null)[]>;
  /** Samples of one check within a stretch (both ends included), oldest first. */
  samples(check: string, from: number, to: number, limit: number): Sample[];
  /** The newest sample of a check at or before a moment that measured something; null when there is none. */
  lastMeasured(check: string, at: number): { at: number; value: number } | null;
  /** Samples of one check within a stretch (both ends included), those in a row that tell the same reason as one; oldest first. */
  runs(check: string, from: number, to: number, limit: number): SeenRun[];
}

export function sampleReader(db: DatabaseSync): SampleReader {
  // One step into the index per series, however many samples there are.
  const last = db.prepare('SELECT max((SELECT max(at) FROM samples WHERE series = series.id)) AS at FROM series');
  // Series are few; each is read backwards from its end.
  const allSeries = db.prepare('SELECT id, check_id FROM series');
  const newest = db.prepare('SELECT at, value FROM samples WHERE series = ? ORDER BY at DESC LIMIT ?', { returnArrays: true });
  const within = db.prepare(`SELECT vantage, at, state, value, detail FROM series CROSS JOIN samples ON samples.series = series.id
    WHERE check_id = ? AND at BETWEEN ? AND ? ORDER BY at, vantage LIMIT ?`);
  const measured = db.prepare(`SELECT at, value FROM series CROSS JOIN samples ON samples.series = series.id
    WHERE check_id = ? AND at <= ? AND value IS NOT NULL ORDER BY at DESC LIMIT 1`);
  const raw = db.prepare(
    `SELECT at, state, value, detail FROM series CROSS JOIN samples ON samples.series = series.id
    WHERE check_id = ? AND at BETWEEN ? AND ? ORDER BY at`,
    { returnArrays: true },
  );

  return {
    lastSampleAt() {
      const at = last.get()?.at;
      return at === null || at === undefined ? null : Number(at);
    },
    sparks(perCheck) {
      const byCheck = new Map<string, [at: number, value: number | null][]>();
      for (const { id, check_id } of allSeries.all()) {
        const rows = newest.all(Number(id), perCheck) as unknown as [number, number | null][];
        const before = byCheck.get(String(check_id));
        byCheck.set(String(check_id), before ? [...before, ...rows].sort((a, b) => b[0] - a[0]).slice(0, perCheck) : rows);
      }
      return new Map([...byCheck].map(([check, rows]) => [check, rows.map(([, value]) => unpackValue(value)).reverse()]));
    },
    lastMeasured(check, at) {
      const row = measured.get(check, at);
      return row ? { at: Number(row.at), value: unpackValue(Number(row.value)) as number } : null;
    },
    runs(check, from, to, limit) {
      const found: SeenRun[] = [];
      for (const [at, packed, value, detail] of raw.iterate(check, from, to) as unknown as Iterable<
        [number, number, number | null, string | null]
      >) {
        // As keeper.ts writes it: "reason: text".
        const cut = detail?.indexOf(': ') ?? -1;
        const [state, reason, text] = [
          unpackLevel(packed),
          cut === -1 ? '' : (detail?.slice(0, cut) ?? ''),
          cut === -1 ? (detail ?? '') : (detail?.slice(cut + 2) ?? ''),
        ];
        const most = unpackValue(value);
        const last = found.at(-1);
        if (last && last.reason === reason && last.state === state) {
          Object.assign(last, {
            to: at,
            last: text,
            most: last.most === null ? most : most === null ? last.most : Math.max(last.most, most),
          });
        } else if (found.length === limit) break;
        else found.push({ from: at, to: at, state, reason, text, last: text, most });
      }
      return found;
    },
    samples: (check, from, to, limit) =>
      within.all(check, from, to, limit).map((row: Row) => ({
        check,
        at: Number(row.at),
        vantage: String(row.vantage),
        value: unpackValue(row.value as number | null),
        state: unpackLevel(Number(row.state)),
        detail: row.detail === null ? null : String(row.detail),
      })),
  };
}
