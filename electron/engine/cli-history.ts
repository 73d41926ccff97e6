/** What commands over a data folder have in common: its history, the plan that is kept with it, its zone. */
import { resolve } from 'node:path';
import type { Plan } from '../../shared/model/plan.ts';
import { isZone, parseIso } from '../../shared/time.ts';
import { type Archive, openArchive } from '../store/archive.ts';

/** A sentence on standard error. @returns the exit code for it, 2 */
export function refuse(text: string): number {
  process.stderr.write(`nightdesk: ${text}\n`);
  return 2;
}

/**
 * Opens the history of a data folder for reading alone, also beside a running engine, and closes it after the work.
 * @param zone asked for by option; null = that of the organization
 * @returns the exit code of the work, or 2 when there is no history
 */
export async function withHistory(
  data: string,
  zone: string | null,
  work: (archive: Archive, plan: Plan, zone: string) => number | Promise<number>,
): Promise<number> {
  const opened = openArchive(resolve(data));
  if (!opened.ok) return refuse(opened.failure.text);
  const { store } = opened.value;
  try {
    const kept = store.document('plan');
    if (kept === null) return refuse(`${data} holds no history of a desk yet`);
    // Kept by an engine that knew of no planned work.
    const plan = { maintenance: [], routines: [], ...(JSON.parse(kept) as Partial<Plan>) } as unknown as Plan;
    const inZone = zone ?? plan.organization.timezone;
    if (!isZone(inZone)) return refuse(`--zone: expected an IANA time zone such as Europe/Berlin, not "${inZone}"`);
    return await work(opened.value, plan, inZone);
  } finally {
    store.close();
  }
}

/** Reads a moment that was given by option. @returns epoch ms, or the sentence that says what was expected */
export function momentOf(option: string, text: string, zone: string): number | string {
  return parseIso(text, zone) ?? `${option}: expected an ISO time such as 2026-06-16T03:00, not "${text}"`;
}
