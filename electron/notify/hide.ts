/** Takes secrets out of what another side said: it may quote the address it was called by, or the token. */
import { clean } from '../../shared/text.ts';

const mostRead = 2_000;

/** A webhook URL is a credential as a whole and in each of its parts. */
export function partsOf(url: string): string[] {
  const parts = [url];
  try {
    const { host, hostname, pathname, search, searchParams, username, password } = new URL(url);
    const pieces = [...pathname.split('/'), ...searchParams.values(), username, password];
    parts.push(host, hostname, pathname, search, ...pieces, ...pieces.map(decoded));
  } catch {
    // Not a URL: hidden as it stands.
  }
  return parts;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param said by the other side: hostile
 * @param hidden what must not be seen; parts of less than 4 characters are no secrets
 * @returns one harmless line
 */
export function hide(said: string, hidden: readonly string[], most = 200): string {
  let text = clean(said, mostRead);
  for (const secret of [...new Set(hidden)].filter((it) => it.length >= 4).sort((a, b) => b.length - a.length)) {
    const found = secret.toLowerCase();
    for (let at = text.toLowerCase().indexOf(found); at >= 0; at = text.toLowerCase().indexOf(found, at + 3)) {
      text = `${text.slice(0, at)}[…]${text.slice(at + secret.length)}`;
    }
  }
  return clean(text, most);
}
