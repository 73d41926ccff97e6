/** What every check type has to say about itself. One file per type beside this one; the list is in index.ts. */
import type { z } from 'zod';
import type { Failure, Verdict } from '../model/words.ts';

/** Facts of one probe. `failure` stands where the probe did not get what it came for; all other facts are then partial. */
export interface Facts {
  failure?: Failure | undefined;
}

/** Plain words for a person at three in the morning. */
export interface Explanation {
  /** What was seen. */
  happened: string;
  /** What that means for the people who use it. */
  means: string;
  /** What to do first. */
  todo: string;
}

/** A line in the detail view: a fact and its value, ready to read. */
export interface FactLine {
  label: string;
  value: string;
}

/** Something notable between two observations in a row (a reboot, a changed key). It becomes an event. */
export interface Change {
  code: string;
  text: string;
}

/**
 * One check type. Pure: no clock, no I/O.
 * - `config`: schema of its settings in the inventory, with defaults, units and help text (`.describe`).
 * - `observation`: schema of what its probe returns; every fact but `failure` is optional.
 */
export interface CheckDefinition<C, O extends Facts> {
  /** How people call it: "HTTP". */
  title: string;
  /** One line for docs and forms. */
  summary: string;
  config: z.ZodObject;
  observation: z.ZodType<O>;
  /** Probes of this type are started together in slots of this many ms, so that one process can serve many (0 = spread evenly). */
  slotMs: number;
  /** Unit of `measure`, for charts. */
  unit: 'ms' | '%';
  /** Where it depends on the settings; any text, "" for a plain number. */
  unitOf?(config: C): string;
  /** What is probed, as people write it: "https://www.example.net/", "192.0.2.1 port 25". */
  target(config: C): string;
  judge(observation: O, config: C, now: number): Verdict;
  explain(observation: O, verdict: Verdict, config: C): Explanation;
  /** The number that is charted, or null when there is none. */
  measure(observation: O): number | null;
  /** Facts for the detail view, most useful first. */
  facts(observation: O): FactLine[];
  changes?(before: O, after: O): Change[];
  /** Single round trips in ms (null = lost) where there are enough of them for a smoke chart. */
  pings?(observation: O): readonly (number | null)[] | null;
}
