/** `nightdesk draft`: the report of a stretch of time, from the data folder of a desk that may be running. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plan } from '../../shared/model/plan.ts';
import { isZone, parseIso } from '../../shared/time.ts';
import { makeDraft } from '../store/make-draft.ts';
import { openStoreToRead } from '../store/store.ts';
import { systemClock } from './clock.ts';

const refuse = (text: string): number => {
  process.stderr.write(`nightdesk: ${text}\n`);
  return 2;
};

/** @returns the exit code: 0 written, 2 with a sentence on standard error */
export async function runDraft(options: { data: string; from: string; to: string; out: string; zone: string | null }): Promise<number> {
  const opened = openStoreToRead(resolve(options.data));
  if (!opened.ok) return refuse(opened.failure.text);
  const store = opened.value;
  try {
    const kept = store.document('plan');
    if (kept === null) return refuse(`${options.data} holds no history of a desk yet`);
    const plan = JSON.parse(kept) as Plan;
    const zone = options.zone ?? plan.organization.timezone;
    if (!isZone(zone)) return refuse(`--zone: expected an IANA time zone such as Europe/Berlin, not "${zone}"`);
    const from = parseIso(options.from, zone);
    const to = parseIso(options.to, zone);
    if (from === null) return refuse(`--from: expected an ISO time such as 2026-06-16T03:00, not "${options.from}"`);
    if (to === null) return refuse(`--to: expected an ISO time such as 2026-06-16T08:00, not "${options.to}"`);
    const made = makeDraft(store, plan, { alerts: null, from, to, title: null, zone }, systemClock.now());
    if (!made.ok) return refuse(made.failure.text);
    try {
      mkdirSync(options.out, { recursive: true });
      for (const [ending, content] of [
        ['md', made.value.markdown],
        ['html', made.value.html],
      ] as const) {
        const file = join(options.out, `${made.value.fileName}.${ending}`);
        writeFileSync(file, content);
        process.stdout.write(`${file}\n`);
      }
    } catch (error) {
      return refuse(`--out: nothing can be written to ${options.out} (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
    }
    return 0;
  } finally {
    store.close();
  }
}
