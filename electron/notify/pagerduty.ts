/** PagerDuty, by the Events API v2: https://developer.pagerduty.com/docs/send-alert-event */
import type { Message } from '../../shared/model/notify.ts';
import { cut } from './harmless.ts';
import { exchange } from './http.ts';
import { type Sender, type SendResult, secretOf } from './types.ts';

const eventsUrl = 'https://events.pagerduty.com/v2/enqueue';
const severities = { down: 'critical', degraded: 'warning', unknown: 'warning', ok: 'info' };

export const sendPagerduty: Sender<'pagerduty'> = async (channel, message, context) => {
  const routingKey = secretOf(context, channel.routingKey);
  if (!routingKey.ok) return routingKey;
  const key = `nightdesk-${message.key}`;
  const post = (action: 'trigger' | 'resolve'): Promise<SendResult> =>
    exchange(
      {
        url: channel.url === undefined ? { plain: eventsUrl } : { secret: channel.url },
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          routing_key: routingKey.value,
          event_action: action,
          dedup_key: key,
          ...(action === 'trigger' ? detailsOf(message) : {}),
        }),
        hidden: [routingKey.value],
      },
      context,
    );
  if (message.kind === 'recovery') return post('resolve');
  const triggered = await post('trigger');
  // A test shall wake nobody for long.
  if (message.kind === 'test' && triggered.ok) await post('resolve');
  return triggered;
};

const detailsOf = (message: Message): Record<string, unknown> => ({
  client: 'Nightdesk',
  payload: {
    summary: cut(message.title, 1_024),
    source: message.alerts[0]?.subject ?? 'nightdesk',
    severity: severities[message.severity],
    timestamp: new Date(message.at).toISOString(),
    group: cut(message.organization, 255),
    custom_details: { text: message.text, alerts: message.alerts.length + message.more },
  },
});
