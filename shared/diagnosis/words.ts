/** The words of a diagnosis: what is broken, what still works, and why it is not surer. */
export { doubtOf } from './words-doubt.ts';
export { sentenceOf } from './words-sentence.ts';
export { worksOf } from './words-works.ts';
