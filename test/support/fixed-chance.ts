/**
 * Property tests draw the same cases in every run, so that what passed passes again: a failure is of the change, not of the dice. Who looks for
 * more sets FC_SEED to another number.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_120) });
