/** What the draft is made from, as the form holds it, and what is asked of the engine. Pure. */
import { DateTime } from 'luxon';
import { DAY, MINUTE, parseIso } from '../../shared/time.ts';

export interface DraftForm {
  by: 'alerts' | 'range';
  /** Ids of the ticked alerts. */
  chosen: readonly string[];
  /** As people write them: "2026-11-20 05:39", in `zone`. */
  from: string;
  to: string;
  title: string;
  zone: string;
}

export interface DraftInput {
  alerts: string[] | null;
  from: number | null;
  to: number | null;
  title: string | null;
  zone: string;
}

type DraftAsk = { ask: DraftInput } | { empty: true } | { problem: string; field: 'from' | 'to' };

/** "2026-11-20 05:39" in the zone. */
export const localMinute = (at: number, zone: string): string => DateTime.fromMillis(at, { zone }).toFormat('yyyy-MM-dd HH:mm');

/** The last hours or days, as the form holds them. The minute that runs belongs to it: what began just now is what one looks for. */
export const lastStretch = (ms: number, now: number, zone: string): Pick<DraftForm, 'from' | 'to'> => ({
  from: localMinute(now - ms, zone),
  to: localMinute(now + MINUTE, zone),
});

/** Reads what localMinute writes; with seconds or an offset of its own, too. @returns epoch ms or null */
const readMoment = (text: string, zone: string): number | null => parseIso(text.trim().replace(/\s+/, 'T'), zone);

/** The same moment's text in another zone; text that is no time stays. */
export function rezone(text: string, from: string, to: string): string {
  const at = readMoment(text, from);
  return at === null ? text : localMinute(at, to);
}

const longest = 31 * DAY;

/** @returns what to ask; `empty` while nothing is chosen; or what is wrong, in plain words */
export function draftAsk(form: DraftForm): DraftAsk {
  const title = form.title.trim() || null;
  if (form.by === 'alerts') {
    return form.chosen.length === 0 ? { empty: true } : { ask: { alerts: [...form.chosen], from: null, to: null, title, zone: form.zone } };
  }
  if (!form.from.trim() || !form.to.trim()) return { empty: true };
  const from = readMoment(form.from, form.zone);
  const to = readMoment(form.to, form.zone);
  if (from === null) return { problem: 'Write it as 2026-11-20 05:39.', field: 'from' };
  if (to === null) return { problem: 'Write it as 2026-11-20 05:39.', field: 'to' };
  if (to <= from) return { problem: 'The end must come after the start.', field: 'to' };
  if (to - from > longest) return { problem: 'At most 31 days go into one report.', field: 'to' };
  return { ask: { alerts: null, from, to, title, zone: form.zone } };
}

/** The zones to choose from: the organization's, UTC, the computer's; each once. */
export function zoneChoices(organization: string, system: string): { zone: string; label: string }[] {
  const all = [
    { zone: organization, label: `${organization} (ours)` },
    { zone: 'UTC', label: 'UTC' },
    { zone: system, label: `${system} (this computer)` },
  ];
  return all.filter((it, index) => all.findIndex((other) => other.zone === it.zone) === index);
}
