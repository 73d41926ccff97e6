/** `nightdesk draft`: the report of a stretch of time, from the data folder of a desk that may be running. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDraft } from '../store/make-draft.ts';
import { momentOf, refuse, withHistory } from './cli-history.ts';
import { systemClock } from './clock.ts';

/** @returns the exit code: 0 written, 2 with a sentence on standard error */
export function runDraft(options: { data: string; from: string; to: string; out: string; zone: string | null }): number {
  return withHistory(options.data, options.zone, (store, plan, zone) => {
    const from = momentOf('--from', options.from, zone);
    const to = momentOf('--to', options.to, zone);
    if (typeof from === 'string') return refuse(from);
    if (typeof to === 'string') return refuse(to);
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
  });
}
