/** A server from inside, over ssh with a key that may only read: load, memory, disks, RAID, failed units, and what else it tells. */
import type { Verdict } from '../model/words.ts';
import { listOf } from '../text.ts';
import { stamp } from '../time.ts';
import { verdictOfFindings } from './findings.ts';
import { hostAdvice, hostFindings, hostInShort, hostLines, restartOf } from './host-parts.ts';
import { type InsideConfig, type InsideFacts, type InsidePart, insideConfig, insideObservation } from './inside-facts.ts';
import { insideAdvice, insideFindings, workOf } from './inside-findings.ts';
import { judgeNoLogin, loginAdvice, loginLines, noLoginAdvice } from './ssh-login.ts';
import { hostAndPort } from './tls-settings.ts';
import type { Change, CheckDefinition, FactLine } from './types.ts';

const wordOf = (part: InsidePart): string => (part === 'raid' ? 'RAID' : part === 'ecc' ? 'ECC' : part.replaceAll('-', ' '));

function judge(it: InsideFacts, config: InsideConfig, now: number): Verdict {
  if (it.failure) return judgeNoLogin(it, it.failure);
  if (it.login !== 'accepted') return { state: 'unknown', reason: 'no-result', text: 'nothing was tried' };
  const missing = it.notKnown ?? [];
  const required = missing.filter((part) => config.require.includes(part));
  const unknown = missing.length > 0 ? `; not known: ${listOf(missing.map(wordOf), 5)}` : '';
  const [first, ...rest] = hostFindings(it, config, insideFindings(it, config, now));
  if (first) return verdictOfFindings([first, ...rest], unknown);
  if (required.length > 0)
    return { state: 'unknown', reason: 'not-known', text: `the server does not tell: ${listOf(required.map(wordOf), 5)}` };
  const short = hostInShort(it);
  if (short === '') return { state: 'unknown', reason: 'not-known', text: `the server tells too little about itself${unknown}` };
  return { state: 'ok', reason: 'ok', text: `${short}${unknown}` };
}

const advice = { ...hostAdvice, ...loginAdvice, ...insideAdvice };
const target = (config: InsideConfig): string => `${config.user} at ${hostAndPort(config.address, config.port)}`;

function facts(it: InsideFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value !== undefined && value !== '' && lines.push({ label, value });
  add('Read-only', it.readOnlyMounts?.join(', '));
  for (const array of it.arrays ?? [])
    add(
      `Array ${array.name}`,
      [
        array.active ? (array.level ?? 'active') : 'not running',
        array.wanted === null ? '' : `${array.working} of ${array.wanted} disks`,
        array.failed.length > 0 ? `failed: ${array.failed.join(' ')}` : '',
        workOf(array),
      ]
        .filter((word) => word !== '')
        .join(', '),
    );
  for (const pool of it.pools ?? []) add(`Pool ${pool.name}`, [pool.state, pool.status, pool.errors].filter((word) => word).join('; '));
  add('Failed units', it.failedUnits?.length === 0 ? 'none' : it.failedUnits?.join(', '));
  add('Mail queue', it.mailQueue?.toString());
  add('Memory errors', it.ecc && `${it.ecc.corrected} corrected, ${it.ecc.uncorrected} uncorrected`);
  add('Machine checks', it.machineChecks?.toString());
  for (const { path, touched } of it.markers ?? [])
    add(`File ${path}`, touched === 'gone' ? 'is not there' : touched === null ? 'not known' : stamp(touched, 'UTC'));
  const from = it.failure ? [] : hostLines(it);
  add('Network disks without an answer to read', it.refusedDisks?.join(', '));
  const missing: FactLine[] = it.notKnown?.length ? [{ label: 'Not known', value: it.notKnown.map(wordOf).join(', ') }] : [];
  const troubles = (it.troubles ?? []).map((value) => ({ label: 'Did not answer', value }));
  return [...from, ...lines, ...missing, ...troubles, ...loginLines(it)];
}

function changes(before: InsideFacts, after: InsideFacts): Change[] {
  const found: Change[] = [];
  const restart = restartOf(before, after, 'the server');
  if (restart) found.push(restart);
  if (!restart && before.ecc && after.ecc && after.ecc.uncorrected > before.ecc.uncorrected)
    found.push({
      code: 'memory-errors',
      text: `uncorrected memory errors rose from ${before.ecc.uncorrected} to ${after.ecc.uncorrected}`,
    });
  if (!restart && before.machineChecks !== undefined && after.machineChecks !== undefined && after.machineChecks > before.machineChecks)
    found.push({ code: 'machine-check', text: `machine checks rose from ${before.machineChecks} to ${after.machineChecks}` });
  for (const array of after.arrays ?? []) {
    const was = before.arrays?.find((it) => it.name === array.name);
    if (was && was.working !== null && array.working !== null && was.working !== array.working)
      found.push({ code: 'raid', text: `array ${array.name} has ${array.working} of ${array.wanted} disks, before ${was.working}` });
  }
  return found;
}

export const inside = {
  title: 'Server from inside',
  summary: 'A server over ssh, with a key that may only read: load, memory, disks, RAID, memory errors, failed units, mail queue, restarts',
  config: insideConfig,
  observation: insideObservation,
  slotMs: 0,
  unit: '%',
  target,
  judge,
  explain: (_, verdict, config) => ({ happened: `${target(config)}: ${verdict.text}.`, ...(advice[verdict.reason] ?? noLoginAdvice) }),
  measure: (it) => it.memoryPercent ?? null,
  facts,
  changes,
} satisfies CheckDefinition<InsideConfig, InsideFacts>;
