/** From a path such as ['hosts', 2, 'checks', 0] to a place in the YAML text and to words. */
import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import { clean } from '../../shared/text.ts';

export type Path = readonly (string | number)[];

export interface Place {
  /** Both from 1. */
  line: number;
  column: number;
}

/**
 * Finds the place of a path. What is not there (a required key that is missing) has the place of the nearest thing around it.
 * @param key look for the key itself, not for its value
 */
export function placeOf(document: Document, lines: LineCounter, path: Path, key = false): Place {
  let node: unknown = document.contents;
  let offset = start(node) ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const last = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      const value = pair.value as Node | null;
      // A value that was left empty has no place of its own worth showing: that of its key is.
      const empty = value === null || (isScalar(value) && value.value === null);
      offset = (last && key) || empty ? (start(pair.key) ?? offset) : (start(value) ?? offset);
      node = value;
    } else if (isSeq(node) && typeof step === 'number') {
      const item = node.items[step];
      if (item === undefined) break;
      offset = start(item) ?? offset;
      node = item;
    } else break;
  }
  return placeAt(lines, offset);
}

/** Line and column, from 1, of an offset in the text. */
export function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

const start = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

/**
 * A path for people: `hosts[2] "web1" › checks[0] › port`.
 * @param data the file's content, to name the items of lists by their id or name
 */
export function wordsOf(path: Path, data: unknown): string {
  const parts: string[] = [];
  let at = data;
  for (const step of path) {
    at = at !== null && typeof at === 'object' ? (at as Record<string | number, unknown>)[step] : undefined;
    if (typeof step !== 'number') {
      parts.push(clean(step, 40));
      continue;
    }
    const { id, name } = (at !== null && typeof at === 'object' ? at : {}) as { id?: unknown; name?: unknown };
    const label = [id, name].find((text) => typeof text === 'string' && text !== '');
    parts.push(`${parts.pop() ?? ''}[${step}]${label === undefined ? '' : ` "${clean(String(label), 60)}"`}`);
  }
  return parts.join(' › ');
}
