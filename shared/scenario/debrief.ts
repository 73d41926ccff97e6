/** How a drill went: what a debrief tells. */
import type { DocumentKind } from '../model/document.ts';

/** A drill that can be played. */
export interface DrillInfo {
  /** File name. */
  drill: string;
  name: string;
  about: string;
  lastsMs: number;
  faults: number;
  checks: number;
}

/** Where a statement stands. */
export interface FoundFact {
  fact: string;
  section: string;
  text: string;
}

/** One thing that was broken, and how it was met. All times epoch ms of the drill; null = not (yet). */
export interface FaultStory {
  /** "Bluefin Carrier drops range A, range B and range C". */
  what: string;
  from: number;
  /** Null: it lasts. */
  to: number | null;
  /** When the desk showed an alert because of it, and what that was called. */
  shownAt: number | null;
  shownAs: string | null;
  /** When the desk's first sentence named the right thing, and the sentence. */
  namedAt: number | null;
  namedAs: string | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  /** When its alert ended. */
  overAt: number | null;
}

export interface DebriefDocument {
  kind: DocumentKind;
  /** `desk`: nobody wrote one; this is what Nightdesk would have drafted by itself. */
  by: 'player' | 'desk';
  stated: FoundFact[];
  missing: string[];
  wrong: FoundFact[];
}

export interface Debrief {
  name: string;
  zone: string;
  start: number;
  at: number;
  over: boolean;
  faults: FaultStory[];
  /** Sentences of the desk that named something that was not broken, while it was sure or thought it likely. */
  falseSentences: { at: number; sentence: string }[];
  /** What the player (or the script) did, by kind, in the order of its first time: "3 notes", "2 contacts". */
  deeds: { kind: string; count: number; firstAt: number }[];
  documents: DebriefDocument[];
}
