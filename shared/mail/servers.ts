/** Which servers a mail entry names, in one form, and the doors (port, encryption, IP version) at which each is checked. */
import type { MailEntry } from '../model/inventory-mail.ts';
import type { Path } from './settings.ts';

/** A text and its place in the file. */
interface Text {
  value: string;
  path: Path;
}

export interface Server {
  path: Path;
  address: Text | undefined;
  /** Id of the host that it runs on. */
  host: Text | undefined;
  serverName: Text | undefined;
  families: readonly (4 | 6)[] | undefined;
  port: number | undefined;
  /** false = not there; undefined = at the usual port. */
  starttls: number | false | undefined;
  tls: number | false | undefined;
}

export interface Servers {
  mx: Server[];
  submission: Server | null;
  imap: Server | null;
  pop3: Server | null;
  sieve: Server | null;
}

type Encryption = 'starttls' | 'tls';
/** One way into a server: one check. */
export interface Door {
  server: Server;
  name: string;
  port: number;
  encryption: Encryption;
  /** undefined = the resolver chooses. */
  family: 4 | 6 | undefined;
}

/** As it is written; what is between servers of one kind only is left open here. */
interface Group {
  address?: string | undefined;
  host?: string | undefined;
  serverName?: string | undefined;
  families?: readonly (4 | 6)[] | undefined;
  port?: number | undefined;
  starttls?: number | false | undefined;
  tls?: number | false | undefined;
}
type Written = string | Group;

/**
 * @param path of the entry in the file
 * @param hostAddress address of a host of the inventory, for servers that name only their host
 */
export function serversOf(mail: MailEntry, path: Path, hostAddress: (id: string) => string | undefined): Servers {
  const { servers } = mail;
  if (servers === undefined) return { mx: [], submission: null, imap: null, pop3: null, sieve: null };
  const at = [...path, 'servers'];
  const around: Server = {
    ...ownOf({}, at, hostAddress),
    address: mail.address === undefined ? undefined : { value: mail.address, path: [...path, 'address'] },
  };
  const group = typeof servers === 'string' ? { address: servers } : servers;
  const { address, host, serverName, families } = group as Group;
  const all = read(typeof servers === 'string' ? servers : { address, host, serverName, families }, at, around, hostAddress);
  const isForAll = address !== undefined || host !== undefined;
  const listed = typeof servers === 'string' ? {} : servers;
  const one = (key: 'submission' | 'imap' | 'pop3' | 'sieve'): Server | null => {
    const written: Written | false | undefined = listed[key];
    if (written === undefined) return isForAll && key !== 'sieve' ? all : null;
    return written === false ? null : read(written, [...at, key], all, hostAddress);
  };
  const exchangers = (): Server[] => {
    const { mx } = listed;
    if (mx === false) return [];
    if (mx === undefined) return isForAll ? [all] : [];
    return Array.isArray(mx)
      ? mx.map((it, index) => read(it, [...at, 'mx', index], all, hostAddress))
      : [read(mx, [...at, 'mx'], all, hostAddress)];
  };
  return { mx: exchangers(), submission: one('submission'), imap: one('imap'), pop3: one('pop3'), sieve: one('sieve') };
}

/** Reads a server. One that names no place of its own is where the others are. */
function read(written: Written, path: Path, otherwise: Server, hostAddress: (id: string) => string | undefined): Server {
  const own = ownOf(written, path, hostAddress);
  const families = own.families ?? otherwise.families;
  if (own.address || own.host) return { ...own, families };
  const { address, host } = otherwise;
  return { ...own, address, host, serverName: own.serverName ?? otherwise.serverName, families };
}

function ownOf(written: Written, path: Path, hostAddress: (id: string) => string | undefined): Server {
  const isText = typeof written === 'string';
  const { address, host, serverName, families, port, starttls, tls }: Group = isText ? { address: written } : written;
  const text = (value: string | undefined, key: string): Text | undefined =>
    value === undefined ? undefined : { value, path: isText ? path : [...path, key] };
  const ofHost = host === undefined ? undefined : hostAddress(host);
  return {
    path,
    address: text(address, 'address') ?? text(ofHost, 'host'),
    host: text(host, 'host'),
    serverName: text(serverName, 'serverName'),
    families,
    port,
    starttls,
    tls,
  };
}

/**
 * @param name of its checks; each door adds its ending, and "-v6" where it is looked at by IPv6
 * @param ports usual port, how encryption begins there, and ending of the name
 * @param families where the server names none; empty = the resolver chooses
 */
export function doorsOf(
  server: Server,
  name: string,
  ports: readonly (readonly [usual: number, encryption: Encryption, ending: string])[],
  families: readonly (4 | 6)[] = [],
): Door[] {
  const versions: readonly (4 | 6 | undefined)[] = server.families ?? (families.length > 0 ? families : [undefined]);
  return ports.flatMap(([usual, encryption, ending]) => {
    const port = server[encryption] ?? usual;
    if (port === false) return [];
    return versions.map((family) => ({ server, name: `${name}${ending}${family === 6 ? '-v6' : ''}`, port, encryption, family }));
  });
}
