/** Adds an item to a list of a YAML text so that every other byte of it stays as it is. */
import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLSeq } from 'yaml';
import { mostBytes, yamlOptions } from './read.ts';

/** Numbers and texts, lists and groups: what an item may hold. Keys whose value is undefined are left out. */
export type Item = Record<string, unknown>;

const options = { ...yamlOptions, keepSourceTokens: true } as const;
const print = { lineWidth: 0 } as const;

/**
 * Appends an item to the list under a key of the file's top level, which is made where it is missing.
 * @param text YAML without mistakes
 * @returns the new text, or null when the text has no place for it (its top level is a list, say)
 */
export function appendItem(text: string, list: string, item: Item): string | null {
  const document = parseDocument(text, options);
  if (document.errors.length > 0) return null;
  const before: unknown = document.toJS({ maxAliasCount: mostBytes }) ?? {};
  if (typeof before !== 'object' || Array.isArray(before)) return null;
  const had = (before as Record<string, unknown>)[list] ?? [];
  if (!Array.isArray(had)) return null;
  const plain: unknown = JSON.parse(JSON.stringify(item));
  const wanted = { ...before, [list]: [...had, plain] };
  const right = (made: string | null): made is string => {
    if (made === null) return false;
    const again = parseDocument(made, options);
    return again.errors.length === 0 && isDeepStrictEqual(again.toJS({ maxAliasCount: mostBytes }), wanted);
  };
  const spliced = splice(text, document, list, plain);
  if (right(spliced)) return spliced;
  // Written in another style (a list in brackets, say): the library writes the file anew, with its comments and its order.
  const whole = rewritten(document, list, plain);
  return right(whole) ? whole : null;
}

/** Inserts lines after the last item, or at the end of the file. Whether that was right is for the caller to see. */
function splice(text: string, document: Document.Parsed, list: string, item: unknown): string | null {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = (indent: number): string =>
    new Document([item])
      .toString({ ...print, indentSeq: true })
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : ' '.repeat(indent) + line))
      .join(newline) + newline;
  const insert = (at: number, more: string): string => {
    const whole = at === 0 || text[at - 1] === '\n' ? '' : newline;
    return text.slice(0, at) + whole + more + text.slice(at);
  };
  const top = document.contents;
  if (top === null || (isScalar(top) && top.value === null)) return insert(text.length, `${list}:${newline}${lines(2)}`);
  if (!isMap(top) || top.flow) return null;
  const pair = (top.items as Pair<Node, Node | null>[]).find((it) => isScalar(it.key) && it.key.value === list);
  if (!pair) return insert(text.length, `${text.endsWith('\n') || text === '' ? '' : newline}${newline}${list}:${newline}${lines(2)}`);
  const { key, value } = pair;
  if (isSeq(value) && !(value as YAMLSeq).flow && value.items.length > 0) {
    const first = value.range?.[0] ?? 0;
    const end = value.items.at(-1) as Node | undefined;
    const indent = first - lineStart(text, first);
    return insert(pastComments(text, lineEnd(text, end?.range?.[1] ?? text.length), indent), lines(indent));
  }
  const empty = value === null || (isScalar(value) && value.value === null && value.source === '');
  if (empty) return insert(lineEnd(text, key.range?.[1] ?? text.length), lines(2));
  if (isSeq(value) && value.items.length === 0 && value.range && !text.slice(value.range[0], value.range[1]).includes('#')) {
    // "hosts: []": the brackets go, the list begins on the next line.
    const [from, to] = value.range;
    const cut = text.slice(0, from).trimEnd() + text.slice(to);
    const at = lineEnd(cut, text.slice(0, from).trimEnd().length);
    return cut.slice(0, at) + (at > 0 && cut[at - 1] !== '\n' ? newline : '') + lines(2) + cut.slice(at);
  }
  return null;
}

/** Start of the line after the one that holds the offset; an offset at a line's start belongs to the line before. */
function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}
/** Comments that are indented deeper than the list belong to its last item. */
function pastComments(text: string, offset: number, indent: number): number {
  const comment = new RegExp(`[ ]{${indent + 1},}#.*(\\n|$)`, 'y');
  let at = offset;
  for (comment.lastIndex = at; comment.test(text); comment.lastIndex = at) at = comment.lastIndex;
  return at;
}
const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

function rewritten(document: Document.Parsed, list: string, item: unknown): string | null {
  try {
    const there = document.get(list);
    if (isSeq(there)) there.add(document.createNode(item));
    else document.set(list, document.createNode([item]));
    return document.toString(print);
  } catch {
    return null;
  }
}
