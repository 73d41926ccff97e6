/** ntfy (ntfy.sh or one's own server), by the URL of a topic. */
import { cut } from './harmless.ts';
import { exchange } from './http.ts';
import type { Sender } from './types.ts';

const priorities = { down: '5', degraded: '4', unknown: '3', ok: '3' };
const tags = { down: 'rotating_light', degraded: 'warning', unknown: 'grey_question', ok: 'white_check_mark' };
/** What is longer becomes an attachment there. */
const mostBytes = 4_000;

export const sendNtfy: Sender<'ntfy'> = (channel, message, context) =>
  exchange(
    {
      url: { secret: channel.url },
      token: channel.token,
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        title: encodeHeader(cut(message.title, 250)),
        priority: priorities[message.severity],
        tags: tags[message.severity],
      },
      body: firstBytes(message.text, mostBytes),
    },
    context,
  );

/** RFC 2047: words of at most 75 characters, none of which splits a character. */
export function encodeHeader(text: string): string {
  if (/^[ -~]*$/.test(text) && !text.includes('=?')) return text;
  const words: string[] = [];
  let word = '';
  for (const char of text) {
    if (Buffer.byteLength(word + char) > 45) {
      words.push(word);
      word = '';
    }
    word += char;
  }
  return [...words, word].map((it) => `=?UTF-8?B?${Buffer.from(it).toString('base64')}?=`).join(' ');
}

function firstBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  // Half a character at the end comes out as a replacement character.
  return `${bytes
    .subarray(0, most - 3)
    .toString('utf8')
    .replace(/\ufffd+$/, '')}…`;
}
