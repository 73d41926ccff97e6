/** Every check type there is. A new one is one line here and one in electron/probes/index.ts. */
import { dns } from './dns.ts';
import { host } from './host.ts';
import { http } from './http.ts';
import { icmp } from './icmp.ts';
import { tcp } from './tcp.ts';
import { tls } from './tls.ts';
import type { CheckDefinition, Facts } from './types.ts';

export const checks = { icmp, tcp, http, tls, dns, host } as const;
export type CheckType = keyof typeof checks;

/** Config schemas by type, for the inventory schema. */
export const checkConfigSchemas = Object.fromEntries(Object.entries(checks).map(([type, definition]) => [type, definition.config])) as {
  [T in CheckType]: (typeof checks)[T]['config'];
};

/** A definition whose config and facts are not told apart, for code that treats all types alike. */
export const checkOf = (type: CheckType): CheckDefinition<unknown, Facts> => checks[type] as unknown as CheckDefinition<unknown, Facts>;
