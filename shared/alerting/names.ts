/** How checks and subjects are called in sentences: "HTTP on web1", "IMAP login of example.net", "Cox at San Diego". */
import { checkOf } from '../checks/index.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import type { SubjectKind } from '../model/words.ts';
import { clean, listOf } from '../text.ts';

/** Longer titles are hard to read on a wall, and are cut by telephones. */
export const longestTitle = 100;

/** Names that people write small in an inventory and large in a sentence. */
const acronyms = new Set(
  'api bgp caa cdn cpu db dhcp dkim dmarc dns dnssec ftp ftps http https icmp imap imaps ip ldap ldaps mx nfs ns ntp php pop pop3 pop3s raid rdap rdp rpki sftp smb smtp smtps snmp soa spf sql ssh ssl starttls stls tcp tls udp ups url vpn'.split(
    ' ',
  ),
);

const products: Readonly<Record<string, string>> = {
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  postgres: 'PostgreSQL',
  postgresql: 'PostgreSQL',
  redis: 'Redis',
  valkey: 'Valkey',
  ipv4: 'IPv4',
  v4: 'IPv4',
  ipv6: 'IPv6',
  v6: 'IPv6',
  submissions: 'submission over TLS',
  queue: 'queue',
  roundtrip: 'round trip',
  posture: 'mail records',
  blocklist: 'blocklists',
};
const spelled = (word: string): string =>
  acronyms.has(word) ? word.toUpperCase() : Object.hasOwn(products, word) ? (products[word] ?? word) : word;

/** What a check is called within its subject: the title of its type, or its own name, such as "IMAP login". */
export function checkLabel(plan: PlannedCheck): string {
  // The representatives of a prefix are told apart by their address only.
  if (plan.subject.kind === 'prefix' && plan.type === 'icmp') return clean(plan.target, 80);
  // Of "MySQL, MariaDB" the first: it stands within sentences.
  if (plan.name === plan.type && !Object.hasOwn(products, plan.name)) return checkOf(plan.type).title.replace(/,.*$/, '');
  return plan.name
    .split(/[-_]/)
    .filter((word) => word !== '')
    .map(spelled)
    .join(' ');
}

/** "HTTP", "HTTP and SSH", "HTTP, SSH, TLS and 2 more". */
export const checkLabels = (plans: readonly PlannedCheck[]): string => listOf([...new Set(plans.map(checkLabel))]);

/** The subject of a check, by the check's id (`<subject id>/<check name>`): also of one that is watched no longer. */
export const subjectIdOf = (check: string): string => check.slice(0, check.indexOf('/'));

/** Names a check of a subject: "HTTP on web1", "IMAP of example.net". */
export const checkOnSubject = (label: string, subject: Pick<Subject, 'kind' | 'name' | 'leg'>): string =>
  `${label} ${jointOf(subject.kind)} ${ownerOf(subject)}`;

/** Whose check it is: checks of a leg are those of its domain. */
export const ownerOf = ({ name, leg }: Pick<Subject, 'name' | 'leg'>): string => clean(leg?.domain ?? name, 120);

/** What stands between a check and its subject: HTTP on web1, IMAP of example.net, 192.0.2.1 in a prefix. */
export const jointOf = (kind: SubjectKind): string =>
  kind === 'mail' || kind === 'service' || kind === 'link' ? 'of' : kind === 'prefix' ? 'in' : 'on';

const kindWords: Record<SubjectKind, readonly [one: string, many: string]> = {
  desk: ['desk', 'desks'],
  site: ['site', 'sites'],
  host: ['server', 'servers'],
  service: ['service', 'services'],
  link: ['link', 'links'],
  prefix: ['prefix', 'prefixes'],
  mail: ['mail domain', 'mail domains'],
};
/** What things are called together: "servers", "prefixes"; "things" where they are of several kinds. */
export function nounOf(kinds: readonly SubjectKind[]): string {
  const [first, ...others] = new Set(kinds);
  const several = kinds.length !== 1;
  if (first === undefined || others.length > 0) return several ? 'things' : 'thing';
  return kindWords[first][several ? 1 : 0];
}

/** Where the thing is, as far as that helps: links and prefixes are named with their site. */
export const placeOf = (subject: Subject, siteName: string | null): string =>
  subject.kind === 'link' || subject.kind === 'prefix'
    ? `${clean(subject.name, 120)}${siteName ? ` at ${clean(siteName, 120)}` : ''}`
    : clean(subject.name, 120);

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
