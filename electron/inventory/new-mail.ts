/** The mail entry of a server that was looked at: which doors it has, as `servers:` says it. */

/** As in the request `addHost` of shared/contract.ts. */
export interface NewMail {
  domain: string;
  mailbox: string | null;
  passwordSecret: string | null;
  /** IP versions that its name stands for. */
  families: (4 | 6)[];
}
interface Check {
  type: string;
  name?: string | undefined;
  [setting: string]: unknown;
}

/** Usual ports: [begins plain, encrypted from the first byte]. */
const doors = { submission: ['smtp', 587, 465], imap: ['imap', 143, 993], pop3: ['pop3', 110, 995] } as const;

/**
 * Sorts checks into those that the mail entry expands into, and others that stand beside.
 * @param checks that were ticked
 * @returns keys of the entry; `servers` only where one of its mail checks was ticked
 */
export function mailItem(
  address: string,
  checks: readonly Check[],
  { domain, mailbox, passwordSecret, families }: NewMail,
): Record<string, unknown> {
  const known = new Set<Check>();
  const take = (type: string, port: number): boolean => {
    const found = checks.find((it) => it.type === type && it.port === port);
    if (found) known.add(found);
    return found !== undefined;
  };
  const others = Object.entries(doors).flatMap(([key, [type, plain, tls]]): [string, unknown][] => {
    const has = [take(type, plain), take(type, tls)];
    if (has.every((it) => it)) return [];
    return [[key, has.some((it) => it) ? { ...(!has[0] && { starttls: false }), ...(!has[1] && { tls: false }) } : false]];
  });
  const isLiteral = address.includes(':') || /^[\d.]+$/.test(address);
  const mx: [string, unknown][] = !take('smtp', 25) ? [['mx', false]] : families.length === 1 && !isLiteral ? [['mx', { families }]] : [];
  const special = Object.fromEntries([...mx, ...others]);
  const beside = checks.filter((it) => !known.has(it));
  return {
    domain,
    ...(known.size > 0 ? { servers: Object.keys(special).length === 0 ? address : { address, ...special } } : { address }),
    ...(mailbox !== null && { mailbox: { address: mailbox, passwordSecret: passwordSecret ?? undefined } }),
    ...(beside.length > 0 && { checks: beside }),
  };
}
