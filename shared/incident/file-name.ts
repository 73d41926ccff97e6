import { clean } from '../text.ts';
import { dayKey } from '../time.ts';
import type { Draft } from './draft.ts';

/** File systems allow 255 bytes a name; sync programs and paths around it want some of them. */
const mostBytes = 120;
/** In UTF-8. */
const bytesOf = (text: string): number => encodeURIComponent(text).replace(/%../g, '.').length;

/**
 * A name for the draft's file, without its ending, that every file system takes: "2026-11-20 web1 is down". It begins with the day, so that it can
 * neither be hidden, nor an option, nor a reserved name such as CON.
 */
export function draftFileName(draft: Pick<Draft, 'title' | 'from' | 'zone'>): string {
  const plain = clean(draft.title.normalize('NFC'), 300)
    .replace(/[\\/:*?"<>|%]+/g, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const letters = [...plain];
  while (bytesOf(letters.join('')) > mostBytes) letters.pop();
  // Windows drops dots and spaces at the end of a name.
  const title = letters.join('').replace(/[. ]+$/, '');
  return `${dayKey(draft.from, draft.zone)} ${title === '' ? 'report' : title}`;
}
