/**
 * Expands a mail entry of the inventory into the checks of the whole mail stack, as they could be written by hand. Pure: nothing is
 * resolved. Each setting keeps its place in the file, so that a mistake in it is found there.
 */
import type { MailEntry } from '../model/inventory-mail.ts';
import { delivery, lists } from './expand-trips.ts';
import type { MailLeg } from './legs.ts';
import { connection, every, hostIn, imapPorts, localPart, login, often, type Preset, pop3Ports, submissionPorts, trust } from './preset.ts';
import { type Door, doorsOf, type Servers, serversOf } from './servers.ts';
import { type Path, said, saidIn } from './settings.ts';

/**
 * All checks that an entry stands for, before `without` and `adjust`.
 * @param path of the entry in the file
 * @param hostAddress address of a host of the inventory
 */
export function expandMail(mail: MailEntry, path: Path, hostAddress: (id: string) => string | undefined): Preset[] {
  const servers = serversOf(mail, path, hostAddress);
  return [
    ...receiving(mail, path, servers),
    ...sending(mail, path, servers),
    ...delivery(mail, path, servers),
    ...reading(mail, path, servers),
    ...pages(mail, path),
    ...lists(mail, path, servers),
    ...filters(mail, path, servers),
    ...records(mail, path, servers),
  ];
}

function receiving(mail: MailEntry, path: Path, { mx }: Servers): Preset[] {
  return mx.flatMap((server, index) => {
    const { value: address, path: at } = server.address ?? { value: undefined, path: server.path };
    const name = index === 0 ? 'smtp' : `smtp-${address === undefined ? index + 1 : inName(address, index)}`;
    return doorsOf(server, name, [[server.port ?? 25, 'starttls', '']], isLiteral(address) ? [] : [4, 6]).map((door) => ({
      leg: 'receiving' as const,
      type: 'smtp',
      name: door.name,
      host: server.host,
      path: at,
      settings: [
        ...connection(mail, path, door),
        ...said('recipient', mail.mailbox?.address, [...path, 'mailbox', 'address']),
        ...said('relayTo', mail.relayTo === false ? undefined : mail.relayTo, [...path, 'relayTo']),
        ...(door.family === 6 && server.families === undefined ? said('whereFound', true, at) : []),
        ...often,
      ],
    }));
  });
}

const isLiteral = (address: string | undefined): boolean => address !== undefined && (/^[\d.]+$/.test(address) || address.includes(':'));
/** An address as part of an id. */
const inName = (address: string, index: number): string => {
  const plain = address.toLowerCase().replaceAll(':', '-');
  return plain.length <= 50 ? plain : `${plain.slice(0, 45)}-${index + 1}`;
};

/** Checks of a server where people log in, one for each of its ports. */
const withLogin = (mail: MailEntry, path: Path, leg: MailLeg, type: string, doors: readonly Door[]): Preset[] =>
  doors.map((door) => ({
    leg,
    type,
    name: door.name,
    host: door.server.host,
    path: door.server.path,
    settings: [...connection(mail, path, door), ...login(mail, path), ...often],
  }));

function sending(mail: MailEntry, path: Path, { submission }: Servers): Preset[] {
  const { outbound, blocklists, resolver, domain, mailbox } = mail;
  // Who may log in and then send nothing, as the disk of the queue is full, cannot send mail.
  const recipient = mailbox?.passwordSecret === undefined ? [] : said('recipient', mailbox.address, [...path, 'mailbox', 'address']);
  const isAsked = blocklists !== false && (outbound.length > 0 || blocklists !== undefined);
  return [
    ...(submission
      ? withLogin(mail, path, 'sending', 'smtp', doorsOf(submission, 'submission', submissionPorts)).map((it) => ({
          ...it,
          // Passwords pass here, also where this desk has none.
          settings: [...it.settings, ...said('requireTls', true, it.path), ...recipient],
        }))
      : []),
    ...(isAsked
      ? [
          {
            leg: 'sending' as const,
            type: 'blocklist',
            name: 'blocklist',
            host: undefined,
            path: [...path, outbound.length > 0 ? 'outbound' : 'blocklists'],
            settings: [
              ...said('addresses', outbound, [...path, 'outbound']),
              ...said('domains', [domain], [...path, 'domain']),
              ...said('lists', blocklists, [...path, 'blocklists']),
              ...said('server', resolver, [...path, 'resolver']),
              ...every('30m', { retryInterval: '2m', timeout: '30s' }),
            ],
          },
        ]
      : []),
  ];
}

function reading(mail: MailEntry, path: Path, { imap, pop3 }: Servers): Preset[] {
  const imapDoors = imap ? doorsOf(imap, 'imap', imapPorts) : [];
  const best = imapDoors.findLast((door) => door.encryption === 'tls') ?? imapDoors[0];
  return [
    ...withLogin(mail, path, 'reading', 'imap', imapDoors),
    ...(pop3 ? withLogin(mail, path, 'reading', 'pop3', doorsOf(pop3, 'pop3', pop3Ports)) : []),
    ...mail.intake.map(({ name, host, ...settings }, index): Preset => {
      const at = [...path, 'intake', index];
      const isElsewhere = settings.address !== undefined || host !== undefined;
      return {
        leg: 'reading',
        type: 'imap',
        name: typeof name === 'string' ? name : intakeName(settings.user, index),
        host: hostIn(host, at) ?? (isElsewhere ? undefined : best?.server.host),
        path: at,
        settings: [...(isElsewhere || !best ? trust(mail, path) : connection(mail, path, best)), ...often, ...saidIn(settings, at)],
      };
    }),
  ];
}

/** "intake-support" for support@example.net. */
const intakeName = (user: unknown, index: number): string => {
  const local = typeof user === 'string' ? localPart(user) : '';
  return local === '' ? `intake-${index + 1}` : `intake-${local}`;
};
function pages(mail: MailEntry, path: Path): Preset[] {
  return (['webmail', 'calendar', 'files'] as const).flatMap((leg) => {
    const written = mail[leg];
    if (written === undefined) return [];
    const at = [...path, leg];
    const { url, contains, host, ...settings }: Record<string, unknown> = typeof written === 'string' ? { url: written } : written;
    return [
      {
        leg,
        type: 'http',
        name: leg,
        host: hostIn(host, at),
        path: at,
        settings: [
          ...said('url', url, typeof written === 'string' ? at : [...at, 'url']),
          ...said('contains', typeof contains === 'string' ? [contains] : contains, [...at, 'contains']),
          ...said('insecure', mail.certificate === 'any' ? true : undefined, [...path, 'certificate']),
          ...said('caFile', mail.caFile, [...path, 'caFile']),
          ...often,
          ...saidIn(settings, at),
        ],
      },
    ];
  });
}

const filters = (mail: MailEntry, path: Path, { sieve }: Servers): Preset[] =>
  sieve ? withLogin(mail, path, 'filters', 'sieve', doorsOf(sieve, 'sieve', [[sieve.port ?? 4190, 'starttls', '']])) : [];

function records(mail: MailEntry, path: Path, { mx }: Servers): Preset[] {
  if (mail.records === false || (mail.records === undefined && mail.servers === undefined)) return [];
  // Only who lists the exchangers says that there are no others; the server behind them may have another name.
  const isListed = typeof mail.servers === 'object' && mail.servers.mx !== undefined;
  const names = mx.flatMap(({ address }) => (address && !isLiteral(address.value) ? [address.value] : []));
  const exchangers = isListed && names.length === mx.length && mx.length > 0 ? [...new Set(names)] : undefined;
  return [
    {
      leg: 'records',
      type: 'posture',
      name: 'posture',
      host: undefined,
      path: [...path, mail.records === undefined ? 'servers' : 'records'],
      settings: [
        ...said('domain', mail.domain, [...path, 'domain']),
        ...said('mx', exchangers, [...path, 'servers', 'mx']),
        ...said('outbound', mail.outbound.length > 0 ? mail.outbound : undefined, [...path, 'outbound']),
        ...said('dkim', mail.dkim.length > 0 ? mail.dkim : undefined, [...path, 'dkim']),
        ...said('server', mail.resolver, [...path, 'resolver']),
        ...every('4h', { retryInterval: '5m', timeout: '2m' }),
      ],
    },
  ];
}
