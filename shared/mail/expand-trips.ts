/** The checks of delivery and of mailing lists: the queue, and messages that go round. */
import type { MailEntry } from '../model/inventory-mail.ts';
import { connection, every, hostIn, imapPorts, localPart, login, often, type Preset, pop3Ports, submissionPorts } from './preset.ts';
import { doorsOf, type Servers } from './servers.ts';
import { type Path, said, saidIn, within } from './settings.ts';

export function delivery(mail: MailEntry, path: Path, servers: Servers): Preset[] {
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

export function lists(mail: MailEntry, path: Path, servers: Servers): Preset[] {
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
