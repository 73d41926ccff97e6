/** Any program of one's own, by a POST of the message as JSON. */
import { exchange } from './http.ts';
import type { Sender } from './types.ts';

export const sendWebhook: Sender<'webhook'> = (channel, message, context) =>
  exchange(
    {
      url: { secret: channel.url },
      token: channel.token,
      headers: { 'content-type': 'application/json', 'idempotency-key': context.id },
      body: JSON.stringify(message),
    },
    context,
  );
