/** How checks and subjects are called in sentences: "HTTP on web1", "IMAP login of example.net", "Cox at San Diego". */
import { checkOf } from '../checks/index.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import { clean, listOf } from '../text.ts';

/** Names that people write small in an inventory and large in a sentence. */
const acronyms = new Set(
  'api cdn cpu db dhcp dkim dmarc dns ftp ftps http https icmp imap imaps ip ipv4 ipv6 ldap ldaps mx ns nfs ntp php pop pop3 pop3s rdp sftp smb smtp smtps snmp spf sql ssh ssl starttls tcp tls udp ups url v4 v6 vpn'.split(
    ' ',
  ),
);

/** What a check is called within its subject: the title of its type, or its own name, such as "IMAP login". */
export function checkLabel(plan: PlannedCheck): string {
  // The representatives of a prefix are told apart by their address only.
  if (plan.subject.kind === 'prefix' && plan.type === 'icmp') return clean(plan.target, 80);
  if (plan.name === plan.type) return checkOf(plan.type).title;
  return plan.name
    .split(/[-_]/)
    .filter((word) => word !== '')
    .map((word) => (acronyms.has(word) ? word.toUpperCase() : word))
    .join(' ');
}

/** "HTTP", "HTTP and SSH", "HTTP, SSH, TLS and 2 more". */
export const checkLabels = (plans: readonly PlannedCheck[]): string => listOf([...new Set(plans.map(checkLabel))]);

/** Names a check of a subject: "HTTP on web1", "IMAP of example.net". */
export function checkOnSubject(label: string, subject: Pick<Subject, 'kind' | 'name'>): string {
  const joint =
    subject.kind === 'mail' || subject.kind === 'service' || subject.kind === 'link' ? 'of' : subject.kind === 'prefix' ? 'in' : 'on';
  return `${label} ${joint} ${clean(subject.name, 120)}`;
}

/** Where the thing is, as far as that helps: links and prefixes are named with their site. */
export const placeOf = (subject: Subject, siteName: string | null): string =>
  subject.kind === 'link' || subject.kind === 'prefix'
    ? `${clean(subject.name, 120)}${siteName ? ` at ${clean(siteName, 120)}` : ''}`
    : clean(subject.name, 120);

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
