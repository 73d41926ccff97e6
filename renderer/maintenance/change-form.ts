/** What the form of a change holds, and the entry it stands for. Pure. */
import type { ChangeEntry } from '../../shared/contract.ts';
import { MINUTE } from '../../shared/time.ts';
import { type Moment, readMoment } from './moments.ts';

interface ChangeForm {
  text: string;
  /** One subject id at most. */
  about: readonly string[];
  /** Null = now. */
  when: Moment | null;
}

/** @returns the entry, by whoever sends it; or what is wrong */
export function readChange(
  form: ChangeForm,
  zone: string,
  now: number,
): { entry: ChangeEntry } | { problems: { text?: string; when?: string } } {
  const problems: { text?: string; when?: string } = {};
  if (form.text.trim() === '') problems.text = 'Say what was changed.';
  const when = form.when === null ? { at: now } : readMoment(form.when, zone);
  if ('problem' in when) problems.when = when.problem;
  // A minute of grace: the form knows no seconds.
  else if (when.at > now + MINUTE) problems.when = 'This is still to come. Plan work for what is not done yet.';
  if (Object.keys(problems).length > 0 || !('at' in when)) return { problems };
  return { entry: { at: when.at, subject: form.about[0] ?? null, text: form.text.trim(), by: null } };
}
