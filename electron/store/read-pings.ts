/** Reads the single round trips of one check, as finely as a chart can show them. Runs in the history worker. */
import type { DatabaseSync } from 'node:sqlite';
import { type SmokePoint, usualOf } from '../../shared/smoke.ts';
import { unpackPings } from './ping-codec.ts';
import { seriesReader } from './series.ts';

/** A chart gets at most about this many points. */
const mostPoints = 700;
/** Of more probes than this only some are looked at for their round trips; loss is counted over all. */
const mostProbesRead = 40_000;

/** @returns reads between two moments, epoch ms, both ends included, oldest first; stretches without probes have no point */
export function pingReader(db: DatabaseSync): (check: string, from: number, to: number, most?: number) => SmokePoint[] {
  const seriesOf = seriesReader(db);
  const extent = db.prepare('SELECT count(*) AS n, min(at) AS first, max(at) AS last FROM pings WHERE series = ? AND at BETWEEN ? AND ?');
  const rows = db.prepare('SELECT at, lost, rtts FROM pings WHERE series = ? AND at BETWEEN ? AND ? ORDER BY at');
  const one = (row: Record<string, unknown>): SmokePoint => {
    const rtts = unpackPings(row.rtts as Uint8Array);
    return { at: Number(row.at), n: 1, lost: Number(row.lost), sent: Number(row.lost) + rtts.length, rtts };
  };

  return (check, from, to, most = mostPoints) => {
    const all = seriesOf(check).flatMap(({ id }) => {
      const found = extent.get(id, from, to);
      return Number(found?.n) > 0 ? [{ id, n: Number(found?.n), first: Number(found?.first), last: Number(found?.last) }] : [];
    });
    if (all.length === 0) return [];
    const total = all.reduce((sum, { n }) => sum + n, 0);
    if (total <= most) return all.flatMap(({ id }) => rows.all(id, from, to).map(one)).sort((a, b) => a.at - b.at);

    const [first, last] = [Math.min(...all.map((it) => it.first)), Math.max(...all.map((it) => it.last))];
    const stepMs = Math.max(1, Math.ceil((last - first + 1) / most));
    const stretches = new Map<number, SmokePoint & { probes: number[][] }>();
    const every = Math.ceil(total / mostProbesRead);
    let seen = 0;
    for (const { id } of all) {
      for (const row of rows.iterate(id, from, to)) {
        const at = first + Math.floor((Number(row.at) - first) / stepMs) * stepMs;
        const into = stretches.get(at) ?? { at, n: 0, lost: 0, sent: 0, rtts: [], probes: [] };
        stretches.set(at, into);
        const received = (row.rtts as Uint8Array).length >> 1;
        into.n += 1;
        into.lost += Number(row.lost);
        into.sent += Number(row.lost) + received;
        if (seen++ % every === 0 || into.probes.length === 0) into.probes.push(unpackPings(row.rtts as Uint8Array));
      }
    }
    return [...stretches.values()].sort((a, b) => a.at - b.at).map(({ probes, ...point }) => ({ ...point, rtts: usualOf(probes) }));
  };
}
