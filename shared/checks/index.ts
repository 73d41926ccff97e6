/** Every check type there is. A new one is one line here and one in electron/probes/index.ts. */
import { backup } from './backup.ts';
import { blocklist } from './blocklist.ts';
import { delegation } from './delegation.ts';
import { dns } from './dns.ts';
import { domain } from './domain.ts';
import { host } from './host.ts';
import { http } from './http.ts';
import { icmp } from './icmp.ts';
import { imap } from './imap.ts';
import { inside } from './inside.ts';
import { mysql } from './mysql.ts';
import { ntp } from './ntp.ts';
import { pop3 } from './pop3.ts';
import { postgres } from './postgres.ts';
import { posture } from './posture.ts';
import { propagation } from './propagation.ts';
import { push } from './push.ts';
import { queue } from './queue.ts';
import { redis } from './redis.ts';
import { roundtrip } from './roundtrip.ts';
import { sieve } from './sieve.ts';
import { smtp } from './smtp.ts';
import { snmp } from './snmp.ts';
import { ssh } from './ssh.ts';
import { tcp } from './tcp.ts';
import { tls } from './tls.ts';
import type { CheckDefinition, Facts } from './types.ts';
import { udp } from './udp.ts';
import { visibility } from './visibility.ts';
import { zone } from './zone.ts';

export const checks = {
  icmp,
  tcp,
  http,
  tls,
  dns,
  host,
  ntp,
  udp,
  push,
  snmp,
  zone,
  delegation,
  propagation,
  domain,
  ssh,
  mysql,
  postgres,
  redis,
  inside,
  backup,
  visibility,
  posture,
  blocklist,
  smtp,
  imap,
  pop3,
  sieve,
  queue,
  roundtrip,
} as const;
export type CheckType = keyof typeof checks;

/** Config schemas by type, for the inventory schema. */
export const checkConfigSchemas = Object.fromEntries(Object.entries(checks).map(([type, definition]) => [type, definition.config])) as {
  [T in CheckType]: (typeof checks)[T]['config'];
};

/** A definition whose config and facts are not told apart, for code that treats all types alike. */
export const checkOf = (type: CheckType): CheckDefinition<unknown, Facts> => checks[type] as unknown as CheckDefinition<unknown, Facts>;

/** The unit of what a check measures: "ms", "%", or any text; "" for a plain number. */
export const unitOf = ({ type, config }: { type: CheckType; config: Record<string, unknown> }): string =>
  checkOf(type).unitOf?.(config) ?? checkOf(type).unit;
