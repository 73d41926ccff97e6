/** What the three groups are called, and what stands beside their names. */
import { standingWord } from '../../shared/health/standing.ts';
import type { Group, Standing } from '../../shared/model/words.ts';
import { count } from '../../shared/text.ts';
import type { Counts, TileSpec } from '../state/derive.ts';

export const groupTitles: Record<Group, string> = { servers: 'Servers', links: 'Datacenter links', mail: 'Mail stack' };

const told: readonly Standing[] = ['down', 'unreachable', 'degraded', 'unknown', 'stale', 'maintenance', 'pending'];

/** Words that need another form after a number. */
const counted: Partial<Record<Standing, string>> = { maintenance: 'in planned work', stale: 'without fresh data' };

/** "6 legs", "200 domains", "7 checks". */
function mailCounts(tiles: readonly TileSpec[]): string[] {
  const domains = tiles.filter((tile) => tile.parts.length > 0).length;
  const legs = tiles.filter((tile) => tile.leg !== null).length;
  const checks = tiles.length - domains - legs;
  return [
    ...(domains > 0 ? [count(domains, 'domain')] : []),
    ...(legs > 0 ? [count(legs, 'leg')] : []),
    ...(checks > 0 ? [count(checks, 'check')] : []),
  ];
}

/** "42 hosts · 1 down · 2 degraded", or "42 hosts · all fine". */
export function summaryText(group: Group, tiles: readonly TileSpec[], counts: Counts): string {
  const of = (kind: TileSpec['kind'], one: string, many?: string) => {
    const n = tiles.filter((tile) => tile.kind === kind).length;
    return n > 0 ? [count(n, one, many)] : [];
  };
  const what =
    group === 'servers'
      ? [...of('host', 'host'), ...of('service', 'service')]
      : group === 'links'
        ? [...of('link', 'link'), ...of('prefix', 'prefix', 'prefixes')]
        : mailCounts(tiles);
  const trouble = told.flatMap((standing) =>
    counts[standing] ? [`${counts[standing]} ${counted[standing] ?? standingWord[standing]}`] : [],
  );
  return [...what, ...(trouble.length > 0 ? trouble : ['all fine'])].join(' · ');
}
