/** `nightdesk changes`: takes changes from a file of another program into the history of a desk that is not running. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { monotonicFactory } from 'ulid';
import type { ChangeEntry } from '../../shared/contract.ts';
import { parseChanges } from '../../shared/maintenance/import-changes.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { clean, count } from '../../shared/text.ts';
import { openStore } from '../store/store.ts';
import { refuse, withHistory } from './cli-history.ts';
import { systemClock } from './clock.ts';

const mostBytes = 5_000_000;
/** Nothing is deleted here. */
const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };

/**
 * @param by who enters those that do not say who made them
 * @returns the exit code: 0 on disk, 2 with a sentence on standard error, and nothing was taken
 */
export async function runChanges(file: string, data: string, by: string): Promise<number> {
  let text: string;
  try {
    if (statSync(file).size > mostBytes) return refuse(`${file} is larger than 5 MB`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
  let events: NightEvent[] = [];
  let there = 0;
  const read = await withHistory(data, null, ({ store }, plan, zone) => {
    const parsed = parseChanges(text, zone);
    const problems = parsed.ok
      ? unknownSubjects(parsed.value, plan)
      : parsed.failure.map(({ line, expected }) => `${file}:${line}: expected ${clean(expected)}`);
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    if (!parsed.ok || problems.length > 0) return 2;
    // A list that grows is taken in again and again.
    const times = parsed.value.map(({ at }) => at);
    const known = new Set(store.changes(Math.min(...times), Math.max(...times), null).map(keyOf));
    events = eventsOf(
      parsed.value.filter((change) => !known.has(keyOf(change))),
      plan,
      by,
    );
    there = parsed.value.length - events.length;
    return 0;
  });
  const code = read === 0 && events.length > 0 ? write(events, data) : read;
  if (code === 0) process.stdout.write(`${count(events.length, 'change')} added${there > 0 ? `, ${there} there already` : ''}\n`);
  return code;
}

function write(events: readonly NightEvent[], data: string): number {
  const opened = openStore({ folder: resolve(data), now: systemClock.now, retention: forever });
  if (!opened.ok) {
    if (opened.failure.code !== 'in-use') return refuse(opened.failure.text);
    return refuse('Nightdesk is running on this data folder. Import the file in its window (Maintenance, Changes), or end it first.');
  }
  const { store } = opened.value;
  const written = store.commit({ events });
  store.close();
  return written.ok ? 0 : refuse(written.failure.text);
}

const keyOf = ({ at, subject, text }: Pick<ChangeEntry, 'at' | 'subject' | 'text'>): string => JSON.stringify([at, subject, text]);

function unknownSubjects(changes: readonly ChangeEntry[], plan: Plan): string[] {
  const known = new Set(plan.subjects.map(({ id }) => id));
  const unknown = new Set(changes.flatMap(({ subject }) => (subject === null || known.has(subject) ? [] : [subject])));
  return [...unknown].map(
    (subject) =>
      `nightdesk: there is no "${clean(subject, 80)}" in the inventory that was last in force; mend the file, or leave its subject empty`,
  );
}

function eventsOf(changes: readonly ChangeEntry[], plan: Plan, by: string): NightEvent[] {
  const newId = monotonicFactory();
  const kinds = new Map(plan.subjects.map(({ id, kind }) => [id, kind]));
  return changes.map(({ at, subject, text, by: made }) => {
    const kind = subject === null ? undefined : kinds.get(subject);
    return {
      id: newId(systemClock.now()),
      at,
      kind: 'change',
      subject: subject !== null && kind !== undefined ? { kind, id: subject } : null,
      actor: made ?? by,
      payload: { text },
    };
  });
}
