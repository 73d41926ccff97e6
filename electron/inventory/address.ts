/** Reads what a person typed or pasted as an address. */
import { addressSchema } from '../../shared/model/inventory-parts.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';

export interface TypedAddress {
  /** An IP address or a host name, in lower case, without a dot at its end. */
  address: string;
  /** A web address that was pasted, in full. */
  url: string | null;
  /** A port that stood with it. */
  port: number | null;
}
export interface Refusal {
  code: string;
  text: string;
}

/**
 * Accepts an IP address, a host name, either with a port ("mail.example.net:587", "[2001:db8::1]:22"), or a pasted http(s) URL.
 * Refused with a reason: everything else, such as "-h" or ";reboot".
 */
export function readAddress(typed: string): Result<TypedAddress, Refusal> {
  const text = typed.trim();
  if (/^https?:\/\//i.test(text)) return fromUrl(text);
  const [, bracketed, named, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const bare = bracketed ?? named ?? text.replace(/^\[([^\]]+)\]$/, '$1');
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return refuse(text, 'its port is not between 1 and 65535');
  return checked(text, bare, { url: null, port: port === undefined ? null : Number(port) });
}

function fromUrl(text: string): Result<TypedAddress, Refusal> {
  if (!URL.canParse(text)) return refuse(text, 'it is not a web address that can be read');
  const url = new URL(text);
  // A password in an address would end up in the inventory, in git, on the screen.
  if (url.username !== '' || url.password !== '')
    return refuse(`${url.protocol}//${url.host}/`, 'it carries a user name or a password; leave them out, they belong in the secrets');
  url.hash = '';
  return checked(text, url.hostname.replace(/^\[(.*)\]$/, '$1'), { url: url.href, port: url.port === '' ? null : Number(url.port) });
}

function checked(typed: string, bare: string, rest: { url: string | null; port: number | null }): Result<TypedAddress, Refusal> {
  const address = bare.toLowerCase().replace(/\.$/, '');
  const read = addressSchema.safeParse(address);
  if (read.success) return ok({ address: read.data, ...rest });
  if (bare.startsWith('-')) return refuse(typed, 'no host name begins with a dash');
  if (/[\s;|&$`'"<>(){}\\]/.test(bare)) return refuse(typed, 'a host name has only letters, digits, dots and dashes');
  return refuse(
    typed,
    (read.error.issues[0]?.message ?? '')
      .replace(/^expected /, 'it would be ')
      .replace('it would be an IP address or', 'it is neither an IP address nor') || 'it is neither an IP address nor a host name',
  );
}

const refuse = (typed: string, why: string): Result<never, Refusal> =>
  fail({
    code: 'bad-address',
    text: `"${clean(typed, 80)}" cannot be an address: ${why}. Write a host name such as web1.example.net or an IP address such as 192.0.2.10.`,
  });
