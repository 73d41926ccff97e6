/** Made-up weeks before the pictures: results as they usually are, outages that were, and what was changed. */
import { parseInventory } from '../../electron/inventory/read.ts';
import type { Spell } from '../../electron/store/spells.ts';
import { openStore, type Sample } from '../../electron/store/store.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { leastPings } from '../../shared/smoke.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';

const everyMs = MINUTE;
const lastMs = 25 * HOUR;
/** So far back it is known how things stood. */
const knownMs = 31 * DAY;

/** What went wrong in those weeks: which things, how, how long ago it began and how long it lasted. */
const outages: { of: RegExp; standing: Spell['standing']; agoMs: number; lastedMs: number }[] = [
  { of: /^zayo\//, standing: 'down', agoMs: 12.3 * DAY, lastedMs: 43 * MINUTE },
  {
    of: /^(web[89]|app[34]|db3|cache2|ns2|backup2|mx2|kvm[34]|range-ash)\//,
    standing: 'unreachable',
    agoMs: 12.3 * DAY,
    lastedMs: 43 * MINUTE,
  },
  { of: /^(web7|backup1|build1|log1|lumen)\//, standing: 'down', agoMs: 5.985 * DAY, lastedMs: 31 * MINUTE },
  { of: /^shop1\/http/, standing: 'degraded', agoMs: 3.2 * DAY, lastedMs: 5.4 * HOUR },
  { of: /^web3\//, standing: 'down', agoMs: 20.1 * DAY, lastedMs: 3.7 * HOUR },
  { of: /^mail\/(imap|pop3)/, standing: 'down', agoMs: 8.4 * DAY, lastedMs: 96 * MINUTE },
];

/** What was done to it. */
const changes: { agoMs: number; kind: 'host' | 'mail'; id: string; text: string; by: string }[] = [
  { agoMs: 2 * DAY + 3 * HOUR, kind: 'host', id: 'web7', text: 'security patches, nginx 1.28 to 1.29', by: 'Bob Reyes' },
  { agoMs: 2 * DAY + HOUR, kind: 'mail', id: 'mail', text: 'security patches, dovecot restarted', by: 'Bob Reyes' },
  { agoMs: 9 * DAY, kind: 'host', id: 'db1', text: 'more memory, 32 to 64 GB', by: 'Ada Berg' },
];

/** @param usualMs the usual value of a check @param lossAt the share of packets that were lost at a time, 0 to 1 */
export function fillHistory(
  dataFolder: string,
  inventory: string,
  usualMs: (check: { id: string; type: string }) => number,
  lossAt: (check: string, agoMs: number) => number = () => 0,
): void {
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
    const packets = check.type === 'icmp' ? Number(check.config.packets) : 0;
    // Smoke is drawn probe by probe.
    const stepMs = packets >= leastPings ? check.intervalMs : everyMs;
    for (let at = now - lastMs + Math.floor(random() * everyMs); at < now; at += stepMs) {
      // Busier in the evening, with a short peak now and then.
      const busy = 1 + 0.15 * Math.sin(((at - now) / DAY) * 2 * Math.PI);
      const peak = random() > 0.997 ? 2.5 + random() : 1;
      const shake = 0.86 + random() * 0.28;
      // Light in a fibre hardly changes, and of many packets the median is steady.
      const value =
        usual < 0 ? usual + random() * 0.1 : packets >= leastPings ? usual * busy ** 0.4 * shake ** 0.3 : usual * busy * peak * shake;
      const pings = Array.from({ length: packets }, () =>
        random() < lossAt(check.id, now - at) ? null : value * (0.94 + random() * random() * 0.5),
      );
      samples.push({ check: check.id, at, vantage: 'desk', value, state: 'ok', detail: null, ...(packets >= leastPings ? { pings } : {}) });
    }
    const spells: Spell[] = [{ check: check.id, at: now - knownMs, standing: 'ok' }];
    for (const it of outages.filter(({ of }) => of.test(check.id)).sort((a, b) => b.agoMs - a.agoMs)) {
      spells.push({ check: check.id, at: Math.round(now - it.agoMs), standing: it.standing });
      spells.push({ check: check.id, at: Math.round(now - it.agoMs + it.lastedMs), standing: 'ok' });
    }
    const written = store.commit({ samples, events: [], states: [], alerts: [], spells, windows: [], silences: [], documents: [] });
    if (!written.ok) throw new Error(written.failure.text);
  }
  const events = changes.map(
    ({ agoMs, kind, id, text, by }, index): NightEvent => ({
      id: `01ARZ3NDEKTSV4RRFFQ69G5FA${index}`,
      kind: 'change',
      at: now - agoMs,
      subject: { kind, id },
      actor: by,
      payload: { text },
    }),
  );
  const told = store.commit({ samples: [], events, states: [], alerts: [], spells: [], windows: [], silences: [], documents: [] });
  if (!told.ok) throw new Error(told.failure.text);
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
