/** How channels and rotas stand, in words. Pure. */
import { whenText as soonText } from '../../shared/headline-words.ts';
import type { DeskLive } from '../../shared/live.ts';
import type { ChannelLive } from '../../shared/model/notify.ts';
import { clean, count } from '../../shared/text.ts';
import { clockShort, dayKey, humanDuration, stamp, zoneName } from '../../shared/time.ts';

export const channelTypes: Record<ChannelLive['type'], string> = {
  email: 'e-mail',
  slack: 'Slack',
  teams: 'Teams',
  ntfy: 'ntfy',
  webhook: 'webhook',
  pagerduty: 'PagerDuty',
  command: 'command on this computer',
  heartbeat: 'sign of life',
};

/** "14 min ago"; under a minute without seconds, which would be stale when they are read. */
const agoText = (at: number, now: number): string => (now - at < 60_000 ? 'under a minute ago' : `${humanDuration(now - at)} ago`);

/** "today 05:39 PST", or the whole stamp. */
const whenText = (at: number, zone: string, now: number): string =>
  dayKey(at, zone) === dayKey(now, zone) ? `today ${clockShort(at, zone)} ${zoneName(at, zone)}` : stamp(at, zone);

export interface ChannelWords {
  standing: 'ok' | 'down' | 'pending';
  text: string;
  /** What went wrong, quoted, and what happens next. */
  trouble: string | null;
}

export function channelWords(channel: ChannelLive, zone: string, now: number): ChannelWords {
  const last = channel.lastSentAt;
  const told = channel.type === 'heartbeat' ? 'Last called' : 'Last told';
  const text =
    last === null
      ? channel.type === 'heartbeat'
        ? 'Not called yet'
        : 'Nobody was told over it yet'
      : `${told} ${whenText(last, zone, now)}, ${agoText(last, now)}`;
  const { failing } = channel;
  if (!failing) return { standing: last === null ? 'pending' : 'ok', text, trouble: null };
  const waiting = failing.waiting > 0 ? ` ${count(failing.waiting, 'message waits', 'messages wait')}.` : '';
  const next =
    failing.retryAt === null
      ? ' The message was given up; the next one is tried as always.'
      : failing.retryAt <= now
        ? ' It is tried again now.'
        : ` It is tried again at ${clockShort(failing.retryAt, zone)} ${zoneName(failing.retryAt, zone)}.`;
  return {
    standing: 'down',
    text,
    trouble: `Fails since ${whenText(failing.since, zone, now)}, for ${humanDuration(Math.max(1, now - failing.since))}: ${clean(failing.text).replace(/\.$/, '')}.${next}${waiting}`,
  };
}

/** Until when somebody is on call, and who: "until 08:00 PST". */
export function onCallText(it: DeskLive['onCall'][number], zone: string, now: number): string {
  const until = it.until === null ? '' : ` until ${soonText(it.until, now, zone)}`;
  return it.person === null ? `Nobody is on call${until}` : `${it.person}${until}`;
}

/** The least that works, to copy into the inventory. */
export const exampleNotify = `notify:
  channels:
    - id: mail
      type: email
      host: mail.example.net
      user: nightdesk
      password: mail-password # the name of a secret, see below
      from: nightdesk@example.net
      to: [noc@example.net]
  routes:
    - id: all
      to: [mail]
`;
