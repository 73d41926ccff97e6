/** Every kind of channel. A new one is a schema in shared/model/notify.ts, a file here and a line here. */
import type { ChannelType } from '../../shared/model/notify.ts';
import { sendCommand } from './command.ts';
import { sendEmail } from './email.ts';
import { sendNtfy } from './ntfy.ts';
import { sendPagerduty } from './pagerduty.ts';
import { sendSlack } from './slack.ts';
import { sendTeams } from './teams.ts';
import type { Sender } from './types.ts';
import { sendWebhook } from './webhook.ts';

export const senders = {
  email: sendEmail,
  slack: sendSlack,
  teams: sendTeams,
  ntfy: sendNtfy,
  webhook: sendWebhook,
  pagerduty: sendPagerduty,
  command: sendCommand,
} satisfies { [T in ChannelType]: Sender<T> };
export type Senders = { [T in ChannelType]: Sender<T> };
