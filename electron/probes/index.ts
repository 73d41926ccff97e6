/** Every probe, by check type. The compiler names a type that was forgotten. */
import type { CheckType } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/checks/types.ts';
import { probeDns } from './dns.ts';
import { probeHost } from './host.ts';
import { probeHttp } from './http.ts';
import { probeIcmp } from './icmp.ts';
import { probeTcp } from './tcp.ts';
import { probeTls } from './tls.ts';
import type { Probe } from './types.ts';

export const probes = {
  icmp: probeIcmp,
  tcp: probeTcp,
  http: probeHttp,
  tls: probeTls,
  dns: probeDns,
  host: probeHost,
} satisfies Record<CheckType, Probe<never, Facts>>;
