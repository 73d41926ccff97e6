/** A made-up day before the pictures: results as they usually are, so that charts and sparklines have something to show. */
import { parseInventory } from '../../electron/inventory/read.ts';
import { openStore, type Sample } from '../../electron/store/store.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';

const everyMs = MINUTE;
const lastMs = 25 * HOUR;

/** @param usualMs the usual value of a check */
export function fillHistory(dataFolder: string, inventory: string, usualMs: (check: { id: string; type: string }) => number): void {
  const parsed = parseInventory(inventory, 'the inventory of the pictures');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
  const opened = openStore({ folder: dataFolder, now: Date.now, retention: { rawMs: 7 * DAY, minutesMs: 90 * DAY, hoursMs: 365 * DAY } });
  if (!opened.ok) throw new Error(opened.failure.text);
  const { store } = opened.value;
  const now = Date.now();
  const random = dice(7);
  for (const check of parsed.value.plan.checks) {
    const usual = usualMs(check);
    const samples: Sample[] = [];
    for (let at = now - lastMs + Math.floor(random() * everyMs); at < now; at += everyMs) {
      // Busier in the evening, with a short peak now and then.
      const busy = 1 + 0.15 * Math.sin(((at - now) / DAY) * 2 * Math.PI);
      const peak = random() > 0.997 ? 2.5 + random() : 1;
      samples.push({
        check: check.id,
        at,
        vantage: 'desk',
        value: usual * busy * peak * (0.86 + random() * 0.28),
        state: 'ok',
        detail: null,
      });
    }
    const written = store.commit({ samples, events: [], states: [], alerts: [], spells: [], windows: [], silences: [], documents: [] });
    if (!written.ok) throw new Error(written.failure.text);
  }
  for (let more = true; more; ) {
    const done = store.maintain();
    more = done.ok && done.value.more;
  }
  store.close();
}

/** Numbers between 0 and 1 that are the same in every run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
