/** A desk that is cut off weighs nothing: that all its anchors fail says what it is, and nothing else can be seen. Pure. */
import type { Alert } from '../model/alert.ts';
import type { Diagnosis } from './types.ts';

export const deskDiagnosis = ({ title, checks, firstAt }: Pick<Alert, 'title' | 'checks' | 'firstAt'>): Diagnosis => ({
  best: { kind: 'desk', culprits: ['desk'], prefixes: [], sentence: title, isTitle: true, share: 1, explains: checks, contradicts: [] },
  runnerUp: null,
  confidence: 'sure',
  doubt: null,
  works: null,
  unexplained: [],
  since: firstAt,
});
