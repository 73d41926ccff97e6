/** The internal report: what happened, who was hit, how it was found and ended, and what is learnt from it. */
import type { Draft } from '../draft.ts';
import { draftIncident } from '../draft-incident.ts';
import type { DocumentInput } from './index.ts';

export const postMortem = (input: DocumentInput): Draft => draftIncident(input);
