/** RAID of a server from inside: /proc/mdstat (md(4)) and zpool status -x (zpool-status(8)). */
import type { RaidArray, ZfsPool } from '../../shared/checks/inside-facts.ts';
import { clean } from '../../shared/text.ts';

const most = 64;

/** @returns null where the text is no mdstat */
export function mdstatOf(lines: readonly string[]): RaidArray[] | null {
  if (!lines.some((line) => line.startsWith('Personalities'))) return null;
  const arrays: RaidArray[] = [];
  let array: RaidArray | undefined;
  for (const line of lines) {
    const head = /^(md[\w/-]{0,30}) : (active|inactive)(.*)$/.exec(line);
    if (head) {
      const [, name = '', state, rest = ''] = head;
      const words = rest.trim().split(/ +/);
      array = {
        name,
        level: clean(words.find((word) => /^(raid\d+|linear|multipath|faulty|container)$/.test(word)) ?? '', 20) || null,
        active: state === 'active',
        wanted: null,
        working: null,
        failed: words
          .filter((word) => word.endsWith('(F)'))
          .slice(0, 20)
          .map((word) => clean(word.replace(/\[.*$/, ''), 40)),
        work: null,
      };
      if (arrays.length < most) arrays.push(array);
      continue;
    }
    if (!array || !/^\s/.test(line)) continue;
    const [, wanted, working] = /\[(\d{1,4})\/(\d{1,4})\]/.exec(line) ?? [];
    if (wanted !== undefined && array.wanted === null) Object.assign(array, { wanted: Number(wanted), working: Number(working) });
    const [, what, percent] = /\b(recovery|resync|reshape|check|repair) *= *(\d{1,3}(?:\.\d{1,2})?)%/.exec(line) ?? [];
    const [, waiting, why] = /\b(recovery|resync|reshape|check|repair) *= *(PENDING|DELAYED|REMOTE)/.exec(line) ?? [];
    if (what !== undefined) array.work = { what, percent: Number(percent) };
    else if (waiting !== undefined && why !== undefined) array.work = { what: `${waiting} ${why.toLowerCase()}`, percent: null };
  }
  return arrays;
}

/** @returns pools that are not well, none where all are; null where the tool says neither */
export function zpoolsOf(lines: readonly string[]): { pools: ZfsPool[]; any: boolean } | null {
  const pools: ZfsPool[] = [];
  let pool: ZfsPool | undefined;
  for (const line of lines) {
    if (line === 'all pools are healthy') return { pools: [], any: true };
    if (line === 'no pools available') return { pools: [], any: false };
    const [, field, value = ''] = /^ {0,4}(pool|state|status|scan|errors): (.*)$/.exec(line) ?? [];
    if (field === 'pool') {
      pool = { name: clean(value, 60), state: 'UNKNOWN' };
      if (pools.length < most) pools.push(pool);
    } else if (!pool) continue;
    else if (field === 'state') pool.state = clean(value, 30);
    else if (field === 'status') pool.status = clean(value, 200);
    else if (field === 'scan') pool.scan = clean(value, 200);
    else if (field === 'errors') pool.errors = clean(value, 200);
  }
  return pools.length > 0 ? { pools, any: true } : null;
}
