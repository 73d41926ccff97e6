/**
 * A block of Markdown as harmless HTML: sentences that can be pointed at, marks as small numbers, gaps that are seen. What it is made from
 * quotes servers and is written by people, so it is hostile: HTML in it is shown as text, and what marked makes goes through DOMPurify with a
 * short list of elements. Links may only be http(s), and are opened by main after a question.
 */
import DOMPurify from 'dompurify';
import { Marked, type RendererExtension, type TokenizerExtension } from 'marked';
import { gapSpans } from '../../shared/documents/gaps.ts';
import type { Sentence } from '../../shared/documents/sentences.ts';
import { escapeHtml } from '../../shared/text.ts';

/** Around each sentence and each gap while marked reads the block. Private use: nobody's text, and taken out of whatever has them. */
const sentenceHead = '\ue000';
const gapHead = '\ue003';
const stop = '\ue001';
const close = '\ue002';
const digits = '\ue010\ue011\ue012\ue013\ue014\ue015\ue016\ue017\ue018\ue019';
const own = /[\ue000-\ue0ff]/g;
/** Signs that turn the direction of the text around them: shown as a sign of their own. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g;

interface Place {
  from: number;
  to: number;
}
const hide = (n: number): string => String(n).replace(/\d/g, (digit) => digits[Number(digit)] ?? '');
const seek = (text: string | undefined): string => [...(text ?? '')].map((digit) => digits.indexOf(digit)).join('');
const head = (kind: string, { from, to }: Place): string => `${kind}${hide(from)}${stop}${hide(to)}${stop}`;

type Inline = TokenizerExtension & RendererExtension;
/** Reached by keyboard, and told to be a button. */
const button = ' role="button" tabindex="-1"';

const sentence: Inline = {
  name: 'sentence',
  level: 'inline',
  start: (text) => text.indexOf(sentenceHead),
  tokenizer(text) {
    const found = /^\ue000([\ue010-\ue019]+)\ue001([\ue010-\ue019]+)\ue001([^\ue002]*)\ue002/.exec(text);
    if (!found) return undefined;
    return { type: 'sentence', raw: found[0], at: `${seek(found[1])}-${seek(found[2])}`, tokens: this.lexer.inlineTokens(found[3] ?? '') };
  },
  renderer(token) {
    // Nothing that can be pressed stands within another thing that can.
    const inner = this.parser.parseInline(token.tokens ?? []).replaceAll(button, '');
    return `<span data-s="1" data-at="${token.at}"${inner.includes('<a ') ? ' tabindex="-1"' : button}>${inner}</span>`;
  },
};
const mark: Inline = {
  name: 'mark',
  level: 'inline',
  start: (text) => text.indexOf('[^'),
  tokenizer(text) {
    const found = /^\[\^(\d{1,6})\]/.exec(text);
    return found ? { type: 'mark', raw: found[0], number: found[1] } : undefined;
  },
  renderer: (token) => `<sup data-mark="${token.number}"><span class="visually-hidden">evidence </span>${token.number}</sup>`,
};
const gap: Inline = {
  name: 'gap',
  level: 'inline',
  start: (text) => text.indexOf(gapHead),
  tokenizer(text) {
    const found = /^\ue003([\ue010-\ue019]+)\ue001([\ue010-\ue019]+)\ue001\[TO FILL: ([^[\]\n]{1,500})\]/.exec(text);
    return found ? { type: 'gap', raw: found[0], at: `${seek(found[1])}-${seek(found[2])}`, question: found[3] } : undefined;
  },
  renderer: ({ at, question }) =>
    `<mark data-gap="1" data-at="${at}"${button}><span class="visually-hidden">Gap to fill: </span>${escapeHtml(String(question).trim())}</mark>`,
};

const markdown = new Marked({
  gfm: true,
  async: false,
  extensions: [sentence, mark, gap],
  renderer: {
    html: ({ text }) => escapeHtml(text),
    image: ({ text }) => escapeHtml(text),
    // Under the title of the section.
    heading({ tokens, depth }) {
      const level = Math.min(6, depth + 4);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
});

const plain = ['align', 'start', 'tabindex', 'data-s', 'data-at', 'data-mark', 'data-gap'];
const allowed = {
  ALLOWED_TAGS: [
    ...['h5', 'h6', 'p', 'br', 'hr', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'strong', 'em', 'del', 'a', 'span', 'sup', 'mark'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  // No HTML of the text gets here: all of these come from marked and from the renderers above.
  ALLOWED_ATTR: ['href', 'class', 'role', ...plain],
  // Else their values would have to look like links.
  ADD_URI_SAFE_ATTR: plain,
  ALLOWED_URI_REGEXP: /^https?:\/\//i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/** The text of a block with its sentences and gaps marked out for marked. */
function markedOut(text: string, sentences: readonly Sentence[]): string {
  const heads: [number, string][] = [
    ...sentences.flatMap((it): [number, string][] => [
      [it.from, head(sentenceHead, it)],
      [it.to, close],
    ]),
    ...gapSpans(text).map((it): [number, string] => [it.from, head(gapHead, it)]),
  ];
  let done = 0;
  let out = '';
  // Sorting is stable: where a sentence begins with a gap, the sentence comes first.
  for (const [at, what] of heads.sort((a, b) => a[0] - b[0])) {
    out += text.slice(done, at) + what;
    done = at;
  }
  return out + text.slice(done);
}

/**
 * @param first gives the first thing that can be pointed at a place in the order of Tab
 * @returns HTML that can be put on the page; `data-at` is the place of a sentence or a gap in the block, "12-80"
 */
export function blockHtml(text: string, sentences: readonly Sentence[], first = false): string {
  const source = text.replace(own, '\ufffd').replace(turning, '\ufffd');
  const html = read(source, sentences).replace(own, '');
  return DOMPurify.sanitize(first ? html.replace('tabindex="-1"', 'tabindex="0"') : html, allowed);
}

/** Nobody's lists lie that deep in each other; what is made to be hard is shown as it stands. */
const tooDeep = /^(?:\s*(?:>|[-*+](?=\s)|\d{1,9}[.)](?=\s))){12}/m;

function read(text: string, sentences: readonly Sentence[]): string {
  const asItStands = `<p>${escapeHtml(text)}</p>`;
  if (tooDeep.test(text)) return asItStands;
  try {
    return markdown.parse(markedOut(text, sentences), { async: false });
  } catch {
    return asItStands;
  }
}
