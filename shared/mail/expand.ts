/**
 * Expands a mail entry of the inventory into the checks of the whole mail stack, as they could be written by hand. Pure: nothing is
 * resolved. Each setting keeps its place in the file, so that a mistake in it is found there.
 */
import type { MailEntry } from '../model/inventory-mail.ts';
import { parseDuration, SECOND, writeDuration } from '../time.ts';
import type { MailLeg } from './legs.ts';
import { type Door, doorsOf, type Servers, serversOf } from './servers.ts';
import { type Path, type Said, said, saidIn, within } from './settings.ts';

/** One check before its type's schema has read it. */
export interface Preset {
  leg: MailLeg;
  type: string;
  name: string;
  /** Host of the inventory that it goes to. */
  host: { value: string; path: Path } | undefined;
  /** The place in the file that it comes from. */
  path: Path;
  settings: Said[];
}

/** What all legs are told about certificates. */
function trust({ certificate, caFile }: MailEntry, path: Path): Said[] {
  return [...said('certificate', certificate, [...path, 'certificate']), ...said('caFile', caFile, [...path, 'caFile'])];
}

/** Settings of a connection to a door of a server. */
const connection = (mail: MailEntry, path: Path, { server, port, encryption, family }: Door): Said[] => [
  ...said('address', server.address?.value, server.address?.path ?? server.path),
  ...said('port', port, server.path),
  ...said('encryption', encryption, server.path),
  ...said('family', family, server.path),
  ...said('serverName', server.serverName?.value, server.serverName?.path ?? server.path),
  ...trust(mail, path),
];

/** The host that a group of settings names. */
const hostIn = (host: unknown, path: Path): Preset['host'] =>
  typeof host === 'string' ? { value: host, path: [...path, 'host'] } : undefined;

/** Nobody can log in without a password. */
function login({ mailbox }: MailEntry, path: Path): Said[] {
  if (mailbox?.passwordSecret === undefined) return [];
  const at = [...path, 'mailbox'];
  return [
    ...said('user', mailbox.user ?? mailbox.address, [...at, mailbox.user === undefined ? 'address' : 'user']),
    ...said('passwordSecret', mailbox.passwordSecret, [...at, 'passwordSecret']),
  ];
}

const every = (interval: string, more: { retryInterval?: string; maxAttempts?: number; timeout?: string } = {}): Said[] =>
  Object.entries({ interval, ...more }).flatMap(([key, value]) => said(key, value, []));
/** What people wait for. */
const often = every('1m');

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

const submissionPorts = [
  [587, 'starttls', ''],
  [465, 'tls', 's'],
] as const;
const imapPorts = [
  [143, 'starttls', ''],
  [993, 'tls', 's'],
] as const;
const pop3Ports = [
  [110, 'starttls', ''],
  [995, 'tls', 's'],
] as const;

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
  const { outbound, blocklists, resolver, domain } = mail;
  const isAsked = blocklists !== false && (outbound.length > 0 || blocklists !== undefined);
  return [
    ...(submission
      ? withLogin(mail, path, 'sending', 'smtp', doorsOf(submission, 'submission', submissionPorts)).map((it) => ({
          ...it,
          // Passwords pass here, also where this desk has none.
          settings: [...it.settings, ...said('requireTls', true, it.path)],
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

function delivery(mail: MailEntry, path: Path, servers: Servers): Preset[] {
  const { queue, roundtrip } = mail;
  const presets: Preset[] = [];
  if (queue) {
    const { host, ...settings } = queue;
    const [first] = servers.mx;
    const isNear = settings.address === undefined && host === undefined && (settings.source ?? 'ssh') === 'ssh';
    presets.push({
      leg: 'delivery',
      type: 'queue',
      name: 'queue',
      host: hostIn(host, [...path, 'queue']) ?? (isNear ? first?.host : undefined),
      path: [...path, 'queue'],
      settings: [
        ...(isNear && first?.address ? said('address', first.address.value, first.address.path) : []),
        ...said('own', [mail.domain], [...path, 'domain']),
        ...often,
        ...saidIn(settings, [...path, 'queue']),
      ],
    });
  }
  if (roundtrip === false) return presets;
  const { via = 'submission', ...settings } = typeof roundtrip === 'object' ? roundtrip : {};
  const trip = tripFrom(mail, path, servers, via);
  if (trip)
    presets.push({
      ...trip,
      leg: 'delivery',
      name: 'roundtrip',
      settings: [...trip.settings, ...every('5m', { retryInterval: '1m', maxAttempts: 2 }), ...saidIn(settings, [...path, 'roundtrip'])],
    });
  return presets;
}

/** A round trip from the test mailbox to itself, or null where one of its ends is not known. */
function tripFrom(mail: MailEntry, path: Path, { mx, submission, imap, pop3 }: Servers, via: 'submission' | 'mx') {
  const [exchanger] = mx;
  const [out] =
    via === 'mx'
      ? exchanger
        ? doorsOf(exchanger, '', [[exchanger.port ?? 25, 'starttls', '']])
        : []
      : submission
        ? doorsOf(submission, '', submissionPorts)
        : [];
  const fetches = [
    ...(imap ? doorsOf(imap, 'imap', imapPorts).toReversed() : []),
    ...(pop3 ? doorsOf(pop3, 'pop3', pop3Ports).toReversed() : []),
  ];
  const [back] = fetches;
  if (!out?.server.address || !back?.server.address || mail.mailbox?.passwordSecret === undefined) return null;
  const address = [...path, 'mailbox', 'address'];
  return {
    type: 'roundtrip',
    host: undefined,
    path: [...path, 'mailbox'],
    settings: [
      ...within('send', [...connection(mail, path, out), ...(via === 'mx' ? [] : login(mail, path))]),
      ...said('from', mail.mailbox.address, address),
      ...said('to', mail.mailbox.address, address),
      ...within('fetch', [
        ...said('protocol', back.name.startsWith('imap') ? 'imap' : 'pop3', back.server.path),
        ...connection(mail, path, back),
        ...login(mail, path),
      ]),
    ],
  };
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
const localPart = (address: string): string =>
  (address.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .slice(0, 50);

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

function lists(mail: MailEntry, path: Path, servers: Servers): Preset[] {
  const trip = mail.lists.length > 0 ? tripFrom(mail, path, servers, 'submission') : null;
  if (!trip) return [];
  return mail.lists.map((address, index) => {
    const at = [...path, 'lists', index];
    const settings = trip.settings.filter(({ key }) => key[0] !== 'to');
    return {
      ...trip,
      leg: 'lists',
      name: `list-${localPart(address) || index + 1}`,
      path: at,
      settings: [
        ...settings,
        ...said('to', address, at),
        ...said('list', true, at),
        ...every('15m', { retryInterval: '2m', maxAttempts: 2 }),
      ],
    };
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

/** A round trip, and all others whose time has a limit of their own: that and a while to end in order, ms. */
const graceMs: Record<string, number> = { roundtrip: 30 * SECOND, smtp: 5 * SECOND, imap: 5 * SECOND, pop3: 5 * SECOND, sieve: 5 * SECOND };
const usualLimitMs: Record<string, number> = { roundtrip: 120 * SECOND };

/** The time-out that fits a check's own limit, or undefined where it has none (or one that cannot be read). */
export function timeoutFor(type: string, slowDown: unknown): string | undefined {
  const grace = graceMs[type];
  const limit = typeof slowDown === 'string' ? parseDuration(slowDown) : (usualLimitMs[type] ?? 30 * SECOND);
  return grace === undefined || limit === null ? undefined : writeDuration(limit + grace);
}
