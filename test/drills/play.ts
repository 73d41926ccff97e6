/** Plays the drills that are shipped, each once, and keeps what came of them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { debriefOf } from '../../electron/drill/debrief.ts';
import { type DrillDraft, draftsOf } from '../../electron/drill/drafts.ts';
import { type Played, playScenario } from '../../electron/drill/player.ts';
import type { ReadScenario } from '../../electron/drill/read.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import type { Debrief } from '../../shared/scenario/debrief.ts';
import { type KindScore, linesOf, scoreOf } from '../../shared/scenario/score.ts';

export const drillFolder = join(import.meta.dirname, '../../assets/drills');
export const drillFiles = (): string[] =>
  readdirSync(drillFolder)
    .filter((it) => it.endsWith('.yaml'))
    .sort();

/** What came of a drill. */
export interface Outcome {
  file: string;
  name: string;
  about: string;
  /** How long the story is, ms. */
  lastsMs: number;
  /** From the first fault (of one within planned work: from its planned end) until the desk showed something; null = it never did. */
  shownMs: number | null;
  refused: Played['refused'];
  drafts: DrillDraft[];
  scores: KindScore[];
  debrief: Debrief;
  /** How the desk met each fault, in the order of the debrief: from when it could be seen. Null = it never did. */
  met: { shownMs: number | null; namedMs: number | null }[];
}

const played = new Map<string, Promise<Outcome>>();

/** @param file its name in assets/drills */
export function outcomeOf(file: string): Promise<Outcome> {
  const known = played.get(file) ?? playOnce(join(drillFolder, file), file);
  played.set(file, known);
  return known;
}

export async function playOnce(path: string, file = path): Promise<Outcome> {
  const result = await playScenario(path);
  if (!result.ok) throw new Error(`${file} cannot be played: ${JSON.stringify(result.failure)}`);
  const it = result.value;
  const { scenario, start, end } = it.read;
  const drafts = draftsOf(it);
  const debrief = debriefOf({ read: it.read, store: it.store, now: it.now, over: true, acts: 'script', drafts });
  const events = eventsOf(it);
  const after = (from: number, at: number | null): number | null => (at === null ? null : Math.max(0, at - sinceOf(events, from)));
  const outcome: Outcome = {
    file,
    name: scenario.name,
    about: scenario.about ?? '',
    lastsMs: end - start,
    shownMs: shownMs(events, sinceOf(events, Math.min(...it.read.spells.map((spell) => spell.from)))),
    refused: it.refused,
    drafts,
    scores: scoreOf(
      scenario,
      drafts.map(({ kind, draft }) => ({ kind, lines: linesOf(draft) })),
    ),
    debrief,
    met: debrief.faults.map(({ from, shownAt, namedAt }) => ({ shownMs: after(from, shownAt), namedMs: after(from, namedAt) })),
  };
  it.close();
  return outcome;
}

const eventsOf = ({ store, now }: Played): NightEvent[] =>
  store.events({ before: null, limit: 100_000, kinds: null, subjects: null, text: null, from: null, to: now }).sort((a, b) => a.at - b.at);

/** When a fault could be seen: of one within planned work from the planned end of that. */
function sinceOf(events: readonly NightEvent[], fault: number): number {
  const work = events.find((it): it is WorkBegins => it.kind === 'maintenance-started' && it.at <= fault && (it.payload.to ?? 0) > fault);
  return work?.payload.to ?? fault;
}
type WorkBegins = Extract<NightEvent, { kind: 'maintenance-started' }>;

function shownMs(events: readonly NightEvent[], since: number): number | null {
  const shown = events.find((it) => it.at >= since && (it.kind === 'alert-raised' || it.kind === 'maintenance-overrun'));
  return shown ? shown.at - since : null;
}

/** A drill as far as a moment: what is known then is known at its end. The same file brings the same events, wherever it is cut. */
export const until = (read: ReadScenario, at: number): ReadScenario => ({
  ...read,
  end: at,
  deeds: read.deeds.filter((it) => it.at <= at),
});
