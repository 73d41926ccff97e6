/** Settings of the Postfix and Dovecot that mail-stack.ts starts. Every file lies below one folder, every port is high and on loopback. */
import { execFileSync } from 'node:child_process';

export const portNames = [
  'smtp',
  'postscreen',
  'submission',
  'submissions',
  'imap',
  'imaps',
  'pop3',
  'pop3s',
  'sieve',
  'lmtp',
  'auth',
  'list',
] as const;
export type PortName = (typeof portNames)[number];

export const domain = 'example.net';
export const serverName = 'mail.example.net';
/** An alias of the test mailbox that prepends its name to the subject, as list programs do. */
export const listAddress = 'announce@lists.example.net';

/** What the list does to a header, as a file beside main.cf. */
export const listRules = { name: 'list-headers', text: '/^Subject: (.*)$/ REPLACE Subject: [announce] $1\n' };

export interface Place {
  folder: string;
  /** Where mail lies, below the folder. */
  mail: string;
  hosts: readonly string[];
  ports: Readonly<Record<PortName, number>>;
  /** `lmtp` = Dovecot delivers (quota, Sieve); `maildir` = Postfix does, so that mail comes in while Dovecot is stopped. */
  delivery: 'lmtp' | 'maildir';
  users: readonly string[];
}

export const idOf = (name: string, kind: '-u' | '-g'): number => Number(execFileSync('id', [kind, name]).toString());
const written = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** @param more lines of the test: a later line of the same name wins */
export function postfixMain(it: Place, more: readonly string[]): string {
  const { folder, ports } = it;
  const [home] = it.hosts as [string];
  const boxes = it.users.map((user) => `{${user}=${user}/Maildir/}`).join(' ');
  const all = [
    'compatibility_level = 3.6',
    `queue_directory = ${folder}/queue`,
    `data_directory = ${folder}/data`,
    `maillog_file = ${folder}/maillog`,
    `maillog_file_prefixes = ${folder}`,
    `myhostname = ${serverName}`,
    'mydestination =',
    // Loopback is a stranger here, as the desk is to a real server.
    'mynetworks = 192.0.2.1/32',
    `inet_interfaces = ${it.hosts.join(', ')}`,
    `inet_protocols = ${it.hosts.some((host) => host.includes(':')) ? 'all' : 'ipv4'}`,
    'alias_maps =',
    `virtual_mailbox_domains = ${domain}`,
    `virtual_mailbox_maps = inline:{ ${boxes} }`,
    `virtual_mailbox_base = ${it.mail}`,
    `virtual_uid_maps = static:${idOf('nobody', '-u')}`,
    `virtual_gid_maps = static:${idOf('nobody', '-g')}`,
    'virtual_minimum_uid = 1',
    `virtual_transport = ${it.delivery === 'lmtp' ? `lmtp:inet:${written(home)}:${ports.lmtp}` : 'virtual'}`,
    'relay_domains = lists.example.net',
    `relay_recipient_maps = inline:{ ${listAddress}=x }`,
    `transport_maps = inline:{ lists.example.net=smtp:[${home}]:${ports.list} }`,
    // No message of a test ever leaves this computer.
    'default_transport = smtp:[127.0.0.1]:1',
    'disable_dns_lookups = yes',
    'smtp_host_lookup = native',
    'smtpd_peername_lookup = no',
    'smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination',
    `smtpd_tls_cert_file = ${folder}/shown.pem`,
    `smtpd_tls_key_file = ${folder}/shown.key`,
    'smtpd_tls_security_level = may',
    'smtpd_tls_auth_only = yes',
    'smtpd_sasl_type = dovecot',
    `smtpd_sasl_path = inet:${written(home)}:${ports.auth}`,
    // A test fails to log in more often than a person does.
    'smtpd_error_sleep_time = 0',
    'minimal_backoff_time = 2s',
    'maximal_backoff_time = 10s',
    'queue_run_delay = 2s',
    'postscreen_greet_wait = 1s',
    'postscreen_access_list =',
    'postscreen_greet_action = enforce',
    'postscreen_greet_ttl = 1s',
    ...more,
  ];
  // Postfix warns of a name that is set twice; its log daemon, which does so too, then waits for itself to take the warnings.
  return lines([...new Map(all.map((line) => [line.split('=')[0]?.trim(), line])).values()]);
}

export function postfixMaster({ folder, hosts, ports }: Place): string {
  const submission = [
    'smtpd_sasl_auth_enable=yes',
    'smtpd_relay_restrictions=permit_sasl_authenticated,reject',
    // What turns strangers away is for port smtp.
    'smtpd_client_restrictions=',
    'smtpd_recipient_restrictions=',
    'syslog_name=postfix/submission',
  ];
  const list = [
    'cleanup_service_name=listcleanup',
    'syslog_name=postfix/list',
    'smtpd_recipient_restrictions=',
    'smtpd_client_restrictions=',
  ];
  const inet = (name: PortName, type = 'n - n - - smtpd', options: readonly string[] = []): string[] =>
    hosts.map((host) => [`${written(host)}:${ports[name]} inet ${type}`, ...options.map((it) => ` -o ${it}`)].join('\n'));
  return lines([
    ...inet('smtp'),
    ...inet('postscreen', 'n - n - 1 postscreen'),
    ...inet('submission', undefined, [...submission, 'smtpd_tls_security_level=encrypt']),
    ...inet('submissions', undefined, [...submission, 'smtpd_tls_wrappermode=yes']),
    ...inet('list', undefined, list),
    'smtpd pass - - n - - smtpd',
    'dnsblog unix - - n - 0 dnsblog',
    'tlsproxy unix - - n - 0 tlsproxy',
    // postqueue takes a server without it for one that is down.
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'listcleanup unix n - n - 0 cleanup',
    ` -o virtual_alias_maps=inline:{${listAddress}=nightdesk@${domain}}`,
    ` -o header_checks=regexp:${folder}/etc/${listRules.name}`,
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    ...['bounce', 'defer', 'trace'].map((it) => `${it} unix - - n - 0 bounce`),
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'smtp unix - - n - - smtp',
    'lmtp unix - - n - - lmtp',
    ...['error', 'retry'].map((it) => `${it} unix - - n - - error`),
    'discard unix - - n - - discard',
    'virtual unix - n n - - virtual',
    'showq unix n - n - - showq',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'postlog unix-dgram n - n - 1 postlogd',
  ]);
}

/** Where Dovecot looks up a password, anew at each log-in; what it cannot read is a fault of the server, not of the user (breakAuth). */
export const passwordsConf = ({ folder }: Place): string =>
  lines([
    `uri = file:${folder}/passwords`,
    'default_pass_scheme = PLAIN',
    'passdb_objects = password',
    'key password {\n key = passdb/%u\n format = json\n}',
  ]);

/** @param password null = broken */
export const passwordsFile = ({ users }: Place, password: string | null): string =>
  lines(users.flatMap((user) => [`shared/passdb/${user}`, password === null ? '{' : JSON.stringify({ password })]));

/** @param more lines of the test: a later one of the same name wins */
export function dovecotConf({ folder, mail, hosts, ports, users }: Place, more: readonly string[]): string {
  const listener = (name: PortName, options = ''): string => `inet_listener ${name} {\n port = ${ports[name]}\n ${options}\n}`;
  return lines([
    `base_dir = ${folder}/run`,
    `state_dir = ${folder}/state`,
    `log_path = ${folder}/dovecot.log`,
    'protocols = imap pop3 lmtp sieve',
    `listen = ${hosts.join(', ')}`,
    `hostname = ${serverName}`,
    `mail_location = maildir:${mail}/%u/Maildir`,
    'first_valid_uid = 1',
    'ssl = yes',
    `ssl_cert = <${folder}/shown.pem`,
    `ssl_key = <${folder}/shown.key`,
    'auth_mechanisms = plain login',
    // Two seconds after each refusal, and more for each further one, would make tests slow and prove nothing.
    'auth_failure_delay = 0 secs',
    'service anvil {\n unix_listener anvil-auth-penalty {\n mode = 0\n }\n}',
    // Not a passwd file: of that Dovecot remembers for a second that it has looked, and takes an unreadable one for an empty one meanwhile.
    `passdb {\n driver = dict\n args = ${folder}/passwords.conf\n}`,
    `userdb {\n driver = static\n args = uid=${idOf('nobody', '-u')} gid=${idOf('nobody', '-g')} home=${mail}/%u allow_all_users=${users.length > 0 ? 'yes' : 'no'}\n}`,
    `service auth {\n inet_listener {\n address = ${hosts[0]}\n port = ${ports.auth}\n}\n}`,
    `service imap-login {\n ${listener('imap')}\n${listener('imaps', 'ssl = yes')}\n}`,
    `service pop3-login {\n ${listener('pop3')}\n${listener('pop3s', 'ssl = yes')}\n}`,
    `service managesieve-login {\n ${listener('sieve')}\n}`,
    `service lmtp {\n inet_listener lmtp {\n address = ${hosts[0]}\n port = ${ports.lmtp}\n}\n}`,
    'service stats {\n unix_listener stats-writer {\n mode = 0666\n}\n}',
    `plugin {\n sieve = file:${mail}/%u/sieve;active=${mail}/%u/.dovecot.sieve\n}`,
    ...more,
  ]);
}

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
