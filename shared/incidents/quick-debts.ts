/** What others owe us, in the quick line: what they promised, and that it is in. */
import { count, listOf } from '../text.ts';
import { readDue } from './quick-moment.ts';
import { colonOf, knownName, leadOf, type Parts, type QuickContext, type QuickName, type Read, short } from './quick-words.ts';

/** "owed cox: RFO by Friday", "cox owes us RFO", "owed cox RFO". Null where it is something else. */
export function readDebt(text: string, { now, zone, names }: QuickContext): Read | null {
  const lead = leadOf(text);
  const owes = /^(.{1,80}?)\s+owes?(\s+us)?\s*:?\s+(\S[\s\S]*)$/i.exec(text);
  const said = owes && (owes[2] || knownName(owes[1] ?? '', names)) ? { whom: owes[1] ?? '', what: owes[3] ?? '' } : null;
  if (!said && lead?.kind !== 'owed') return null;
  const parts = said ?? splitDebt(lead?.rest ?? '', names);
  const due = /(?:^|[\s,(])(?:by|due|until)\s+([^,()]{2,40}?)\)?\.?$/i.exec(parts.what);
  const dueAt = due ? readDue(due[1] ?? '', now, zone) : null;
  if (due && dueAt === null) return { problem: `“${due[1]}” is no day: write “by Friday”, “by 25 Nov” or “by 2026-11-25”.` };
  const what = short(due ? parts.what.slice(0, due.index) : parts.what);
  const whom = knownName(parts.whom, names)?.id ?? short(parts.whom);
  if (whom === '' || what === '') return { problem: 'Say who owes what: “owed cox: RFO by Friday”.' };
  return { entry: { type: 'owed', with: whom, what, dueAt } };
}

function splitDebt(rest: string, names: readonly QuickName[]): { whom: string; what: string } {
  const text = rest.replace(/^(?:by|from)\s+/i, '');
  const colon = colonOf(text);
  if (colon >= 0) return { whom: text.slice(0, colon).trim(), what: text.slice(colon + 1).trim() };
  const known = knownName(text, names);
  const [first = ''] = text.split(/\s/, 1);
  return known ? { whom: known.id, what: known.rest } : { whom: first, what: text.slice(first.length).trim() };
}

/** "received RFO: by mail". Null where nothing of that name is owed and no colon says that it was meant. */
export function readReceived({ head, body }: Parts, { owed, names }: QuickContext, meant: boolean): Read | null {
  const nameOf = (id: string): string => names.find((it) => it.id === id)?.name ?? id;
  const words = head
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && !['from', 'the', 'of', 'a'].includes(word));
  const fits = owed.filter((it) => words.every((word) => `${it.what} ${it.with} ${nameOf(it.with)}`.toLowerCase().includes(word)));
  const said = (all: typeof owed): string => listOf(all.map((it) => `${it.what} from ${nameOf(it.with)}`));
  if (fits.length === 1 && fits[0]) return { entry: { type: 'owed-received', owed: fits[0].id, text: body } };
  if (!meant && (fits.length === 0 || words.length === 0)) return null;
  if (owed.length === 0) return { problem: 'Nothing is owed to us in this incident.' };
  if (fits.length === 0) return { problem: `That is not owed here. Owed ${owed.length === 1 ? 'is' : 'are'}: ${said(owed)}.` };
  return { problem: `${count(fits.length, 'thing')} of that name are owed: ${said(fits)}. Say which.` };
}
