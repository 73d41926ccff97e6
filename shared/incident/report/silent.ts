/** Reasons of verdicts that say: nothing there answered. Of all others it was reached, and failed in its own way. */
const silent: ReadonlySet<string> = new Set([
  'timeout',
  'refused',
  'unreachable',
  'reset',
  'closed',
  'no-answer',
  'no-reply',
  'packet-loss',
  'resolver-failed',
  'resolver-silent',
]);

/** @param reason "" = not known, which is taken for silence */
export const isSilent = (reason: string): boolean => reason === '' || silent.has(reason);
