/** What the three groups are called, and what stands beside their names. */
import { standingWord } from '../../shared/health/standing.ts';
import type { Group, Standing } from '../../shared/model/words.ts';
import { count } from '../../shared/text.ts';
import type { Counts, TileSpec } from '../state/derive.ts';

export const groupTitles: Record<Group, string> = { servers: 'Servers', links: 'Datacenter links', mail: 'Mail stack' };

const told: readonly Standing[] = ['down', 'unreachable', 'degraded', 'unknown', 'stale', 'maintenance', 'pending'];

/** Words that need another form after a number. */
const counted: Partial<Record<Standing, string>> = { maintenance: 'in planned work', stale: 'without fresh data' };

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
        : [count(tiles.length, 'check')];
  const trouble = told.flatMap((standing) =>
    counts[standing] ? [`${counts[standing]} ${counted[standing] ?? standingWord[standing]}`] : [],
  );
  return [...what, ...(trouble.length > 0 ? trouble : ['all fine'])].join(' · ');
}
