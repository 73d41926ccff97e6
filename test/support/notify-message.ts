/** What the channels are given in tests. */
import type { SendContext } from '../../electron/notify/types.ts';
import type { Message } from '../../shared/model/notify.ts';

export const messageOf = (part: Partial<Message> = {}): Message => ({
  key: '01ALERT',
  kind: 'problem',
  severity: 'down',
  title: 'web1 is down',
  text: 'HTTP: connection refused on port 443.\nSince 2026-11-20 05:39:12 PST.\n\nExample Hosting',
  at: Date.UTC(2026, 10, 20, 13, 39, 12),
  when: '2026-11-20 05:39:12 PST',
  organization: 'Example Hosting',
  alerts: [{ id: '01ALERT', title: 'web1 is down', severity: 'down', subject: 'web1', ended: false }],
  more: 0,
  ...part,
});

/** Text that would like to be more than text. */
export const hostile =
  'x</title><!here> <!channel> @channel @everyone <https://evil.example|click> [click](https://evil.example) *b* `c` & "q"';

export const sendContext = (secrets: Record<string, string>, part: Partial<SendContext> = {}): SendContext => ({
  secret: (name) => secrets[name],
  signal: new AbortController().signal,
  to: [],
  people: [],
  now: Date.UTC(2026, 10, 20, 13, 39, 12),
  id: '01DELIVERY',
  ...part,
});
