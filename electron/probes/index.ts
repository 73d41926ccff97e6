/** Every probe, by check type. The compiler names a type that was forgotten. */
import type { CheckType } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/checks/types.ts';
import { probeBackup } from './backup.ts';
import { probeBlocklist } from './blocklist.ts';
import { probeDelegation } from './delegation.ts';
import { probeDns } from './dns.ts';
import { probeDomain } from './domain.ts';
import { probeHost } from './host.ts';
import { probeHttp } from './http.ts';
import { probeIcmp } from './icmp.ts';
import { probeImap } from './imap.ts';
import { probeInside } from './inside.ts';
import { probeMysql } from './mysql.ts';
import { probeNtp } from './ntp.ts';
import { probePop3 } from './pop3.ts';
import { probePostgres } from './postgres.ts';
import { probePosture } from './posture.ts';
import { probePropagation } from './propagation.ts';
import { probePush } from './push.ts';
import { probeQueue } from './queue.ts';
import { probeRedis } from './redis.ts';
import { probeRoundtrip } from './roundtrip.ts';
import { probeSieve } from './sieve.ts';
import { probeSmtp } from './smtp.ts';
import { probeSnmp } from './snmp.ts';
import { probeSsh } from './ssh.ts';
import { probeTcp } from './tcp.ts';
import { probeTls } from './tls.ts';
import type { Probe } from './types.ts';
import { probeUdp } from './udp.ts';
import { probeVisibility } from './visibility.ts';
import { probeZone } from './zone.ts';

export const probes = {
  icmp: probeIcmp,
  tcp: probeTcp,
  http: probeHttp,
  tls: probeTls,
  dns: probeDns,
  host: probeHost,
  ntp: probeNtp,
  udp: probeUdp,
  push: probePush,
  snmp: probeSnmp,
  zone: probeZone,
  delegation: probeDelegation,
  propagation: probePropagation,
  domain: probeDomain,
  ssh: probeSsh,
  mysql: probeMysql,
  postgres: probePostgres,
  redis: probeRedis,
  inside: probeInside,
  backup: probeBackup,
  visibility: probeVisibility,
  posture: probePosture,
  blocklist: probeBlocklist,
  smtp: probeSmtp,
  imap: probeImap,
  pop3: probePop3,
  sieve: probeSieve,
  queue: probeQueue,
  roundtrip: probeRoundtrip,
} satisfies Record<CheckType, Probe<never, Facts>>;
