/** Slack, by an incoming webhook. */
import { cut, forSlack, withoutMagic } from './harmless.ts';
import { exchange } from './http.ts';
import type { Sender } from './types.ts';

const marks = { down: '🟥', degraded: '🔶', unknown: '⬜', ok: '✅' };

export const sendSlack: Sender<'slack'> = (channel, message, context) => {
  const title = `${marks[message.severity]} ${message.title}`;
  const plain = (text: string, most: number) => ({ type: 'plain_text', text: cut(withoutMagic(text), most), emoji: false });
  const body = {
    // For notifications and old clients; the blocks are what is shown. plain_text knows no markup.
    text: cut(forSlack(title), 3_000),
    blocks: [
      { type: 'header', text: plain(title, 150) },
      { type: 'section', text: plain(message.text, 3_000) },
    ],
    mrkdwn: false,
    link_names: false,
    parse: 'none',
    unfurl_links: false,
    unfurl_media: false,
  };
  return exchange({ url: { secret: channel.url }, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, context);
};
