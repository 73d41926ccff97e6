/** Microsoft Teams, by the webhook of a workflow: an Adaptive Card. */
import { cut, withoutMagic } from './harmless.ts';
import { exchange } from './http.ts';
import type { Sender } from './types.ts';

const colors = { down: 'Attention', degraded: 'Warning', unknown: 'Default', ok: 'Good' };

export const sendTeams: Sender<'teams'> = (channel, message, context) => {
  // A TextBlock reads Markdown; a TextRun shows text letter by letter.
  const run = (text: string, more: Record<string, unknown> = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text: cut(withoutMagic(text), 4_000), ...more }],
  });
  const lines = message.text.split('\n').filter((line) => line.trim() !== '');
  const card = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [run(message.title, { size: 'Medium', weight: 'Bolder', color: colors[message.severity] }), ...lines.map((line) => run(line))],
  };
  const body = {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
  };
  return exchange({ url: { secret: channel.url }, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, context);
};
