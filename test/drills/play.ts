/** Plays the drills that are shipped, each once, and keeps what came of them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DrillDraft, draftsOf } from '../../electron/drill/drafts.ts';
import { type Played, playScenario } from '../../electron/drill/player.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { type KindScore, scoreOf } from './score.ts';

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
  const outcome: Outcome = {
    file,
    name: scenario.name,
    about: scenario.about ?? '',
    lastsMs: end - start,
    shownMs: shownMs(it),
    refused: it.refused,
    drafts,
    scores: scoreOf(scenario, drafts),
  };
  it.close();
  return outcome;
}

function shownMs({ read, store, now }: Played): number | null {
  const events = store
    .events({ before: null, limit: 100_000, kinds: null, subjects: null, text: null, from: null, to: now })
    .sort((a, b) => a.at - b.at);
  const fault = Math.min(...read.spells.map((spell) => spell.from));
  const work = events.find((it): it is WorkBegins => it.kind === 'maintenance-started' && it.at <= fault && (it.payload.to ?? 0) > fault);
  const since = work?.payload.to ?? fault;
  const shown = events.find((it) => it.at >= since && (it.kind === 'alert-raised' || it.kind === 'maintenance-overrun'));
  return shown ? shown.at - since : null;
}
type WorkBegins = Extract<NightEvent, { kind: 'maintenance-started' }>;
