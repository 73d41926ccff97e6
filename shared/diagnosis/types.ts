/** What a diagnosis is made from, and what it is. Words: a sign is what one check says now; a cause is a candidate; an explanation is a cause that was weighed. */
import { z } from 'zod';
import type { Graph } from '../health/graph.ts';
import type { Alert } from '../model/alert.ts';
import type { PlannedCheck } from '../model/plan.ts';

/** How a check fails. `gone`: nothing answers at all. `lossy`: answers are slow or get lost. `wrong`: something answers, and says no or something wrong. */
export type Symptom = 'gone' | 'lossy' | 'wrong';

/** What one check says now. */
export interface Sign {
  plan: PlannedCheck;
  /** `unknown`: stale, pending, covered by planned work, not looked at since the trouble began, or the desk is cut off. */
  word: 'passes' | 'fails' | 'unknown';
  /** Of one that fails; null = it comes and goes. */
  symptom: Symptom | null;
  /** Of one that fails: the code of its newest verdict, such as `login-refused`: what fits a cause (see `mannerOf`) and words are chosen by it. */
  reason: string | null;
  /** Of one that fails and asks several servers: the address of the only one that is not right, where it is one. */
  server?: string;
  /** First symptom of one that fails, epoch ms. */
  since: number | null;
  /** When it was last looked at, epoch ms. */
  at: number | null;
  /** Of one that passes: when it last did not, epoch ms, where that is not long ago. */
  badAt?: number;
}

/** Where the way to something ends, as the newest trace after the trouble began tells. */
export interface WayEnd {
  /** Subject of the check that was followed. */
  subject: string;
  /** Link in whose network the last router that answers stands; null: in none that the inventory knows. */
  link: string | null;
}

export interface DiagnosisInput {
  graph: Graph;
  /** Of every planned check. */
  signs: ReadonlyMap<string, Sign>;
  ways: readonly WayEnd[];
  /** The alert to explain. What others explain is told by them. */
  alert: Pick<Alert, 'id' | 'subject' | 'title' | 'checks' | 'consequences' | 'firstAt'>;
  now: number;
}

export const causeKinds = [
  /** This computer's own connection. */
  'desk',
  /** Nothing at a site answers. */
  'site',
  /** A circuit is down, with all that has no other way. */
  'link',
  /** A circuit is up and drops the traffic of some prefixes. */
  'link-prefixes',
  /** A circuit loses or delays packets, with what rides on it. */
  'link-loss',
  /** An address range, whatever circuit it rides on. */
  'prefix',
  'host',
  /** The machine answers, and none of its programs does. */
  'host-hangs',
  /** One program: the machine under it answers. */
  'service',
  /** Something that several things need, whether it is watched itself or not. */
  'dependency',
  'leg',
  /** All legs of a mail stack that have something in common (log-in, say). */
  'mail',
  /** One name server of several. */
  'name-server',
  /** One check alone: the thing, or the check itself. */
  'check',
] as const;
export type CauseKind = (typeof causeKinds)[number];

export const explanationSchema = z.object({
  kind: z.enum(causeKinds),
  /** Ids of what is broken; several = it is one of them, and which one cannot be told. Of a name server its address. */
  culprits: z.array(z.string()),
  /** Of `link-prefixes`: ids of the prefixes. */
  prefixes: z.array(z.string()).default([]),
  /** "Bluefin Carrier at Norfolk carries nothing for 3 of 5 prefixes". No full stop, at most 120 characters. */
  sentence: z.string(),
  /** The sentence is the title that the alert had when it was weighed: where that changes, it goes by the new one (`diagnosisOf`). */
  isTitle: z.literal(true).optional(),
  /** How likely beside the others that were weighed, 0 to 1. */
  share: z.number(),
  /** Ids of failing checks that it explains, and of checks that pass though it says that they should not. */
  explains: z.array(z.string()),
  contradicts: z.array(z.string()),
});
/** A cause that was weighed. */
export type Explanation = z.infer<typeof explanationSchema>;

export const confidences = ['sure', 'likely', 'unsure'] as const;
export const diagnosisSchema = z.object({
  best: explanationSchema,
  /** The next best that says something else; null where nothing else comes near. */
  runnerUp: explanationSchema.nullable(),
  /** `unsure`: too little was seen to tell, or something contradicts it, or another explanation comes near. */
  confidence: z.enum(confidences),
  /** Why it is no more than that, in a sentence: "Only one check has looked since"; null where it is sure. */
  doubt: z.string().nullable(),
  /** What still works beside it: "its circuit is up; Meridian Transit and the web shops are fine"; null where nothing near it is known to. */
  works: z.string().nullable(),
  /** Failing checks of the alert that the best explanation does not cover. */
  unexplained: z.array(z.string()),
  /** First symptom, epoch ms. */
  since: z.int(),
});
/** What is broken, as far as it can be told from what is seen. */
export type Diagnosis = z.infer<typeof diagnosisSchema>;

/** The diagnosis of an alert in the words of now: between two weighings its title may have changed. */
export function diagnosisOf({ title, diagnosis }: Pick<Alert, 'title' | 'diagnosis'>): Diagnosis | undefined {
  return diagnosis?.best.isTitle ? { ...diagnosis, best: { ...diagnosis.best, sentence: title } } : diagnosis;
}
