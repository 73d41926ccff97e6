/** What differs between two texts, by words. Pure. */
import { diffArrays } from 'diff';

export interface Piece {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

/** A mark, a word (a time or an address is one), a stretch of spaces, or any other sign. */
const token = /\[\^\d+\]|[\p{L}\p{N}]+(?:[.:,'’_-][\p{L}\p{N}]+)*|\n|[^\S\n]+|[\s\S]/gu;
/** More differences than this help nobody; the two texts then stand one after the other. */
const most = { maxEditLength: 4_000, timeout: 400 };

/** @returns pieces in reading order; joined they are either text */
export function differences(before: string, after: string): Piece[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }];
  const words = diffArrays(before.match(token) ?? [], after.match(token) ?? [], most);
  if (!words) return [...whole('gone', before), ...whole('new', after)];
  return together(words.map((it) => ({ kind: it.added ? 'new' : it.removed ? 'gone' : 'same', text: it.value.join('') })));
}

/** Between two changes that only a space or a comma keeps apart there is nothing to read: they become one. */
function together(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  let gone = '';
  let fresh = '';
  const end = (): void => {
    out.push(...whole('gone', gone), ...whole('new', fresh));
    gone = '';
    fresh = '';
  };
  for (const [index, it] of pieces.entries()) {
    const between = it.kind === 'same' && gone + fresh !== '' && index < pieces.length - 1 && /^[^\p{L}\p{N}\n]{1,3}$/u.test(it.text);
    if (it.kind === 'same' && !between) {
      end();
      out.push(it);
    }
    if (it.kind === 'gone' || between) gone += it.text;
    if (it.kind === 'new' || between) fresh += it.text;
  }
  end();
  return out;
}
const whole = (kind: Piece['kind'], text: string): Piece[] => (text === '' ? [] : [{ kind, text }]);

const around = 120;

/** Leaves out the middle of what is the same over a long stretch, at a line or a word. */
export function shorten(pieces: readonly Piece[]): Piece[] {
  return pieces.map((it, index) => {
    if (it.kind !== 'same' || it.text.length < 3 * around) return it;
    const head = index === 0 ? '' : it.text.slice(0, around).replace(/\S*$/, '');
    const tail = index === pieces.length - 1 ? '' : it.text.slice(-around).replace(/^\S*/, '');
    return { ...it, text: `${head}…${tail}` };
  });
}

/** Markdown as people read it: what is escaped stands for itself. Only to be shown as text. */
export const readable = (markdown: string): string =>
  markdown
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&#(\d{1,6});/g, (found, code: string) => (Number(code) < 0x11_0000 ? String.fromCodePoint(Number(code)) : found))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
