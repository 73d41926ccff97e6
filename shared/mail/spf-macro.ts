/** Macros of SPF (RFC 7208, section 7): "%{ir}._spf.%{d2}". */
import { ipv6Digits } from '../checks/dns-names.ts';

export interface MacroValues {
  /** The address that delivers. */
  address: string;
  /** The domain whose record is read. */
  domain: string;
  sender: string;
  helo: string;
}

/** Letter, number of parts, turned round, and the characters that part it. */
const macro = /^%\{([slodiphvSLODIPHV])(\d{0,3})([rR]?)([.\-+,/_=]{0,7})\}/;
const visible = /^[!-~]*$/;

/** The pieces of a text with macros: plain text, and macros taken apart; null where one of them is wrong. */
function piecesOf(text: string): (string | { letter: string; digits: number; reversed: boolean; delimiters: string })[] | null {
  if (!visible.test(text)) return null;
  const pieces: ReturnType<typeof piecesOf> = [];
  for (let at = 0; at < text.length; ) {
    const percent = text.indexOf('%', at);
    if (percent < 0) {
      pieces.push(text.slice(at));
      break;
    }
    if (percent > at) pieces.push(text.slice(at, percent));
    const plain = { '%%': '%', '%_': ' ', '%-': '%20' }[text.slice(percent, percent + 2)];
    const match = plain === undefined ? macro.exec(text.slice(percent, percent + 20)) : null;
    if (plain !== undefined) {
      pieces.push(plain);
      at = percent + 2;
    } else if (match) {
      const [whole, letter = '', digits = '', reversed = '', delimiters = ''] = match;
      // No part at all makes no sense (section 7.3).
      if (digits !== '' && Number(digits) === 0) return null;
      pieces.push({ letter, digits: digits === '' ? 0 : Number(digits), reversed: reversed !== '', delimiters: delimiters || '.' });
      at = percent + whole.length;
    } else return null;
  }
  return pieces;
}

/** Whether the text may stand where SPF wants a domain: right macros, and at its end a macro or a top-level name. */
export function isDomainSpec(text: string): boolean {
  const pieces = text === '' || text.length > 1_000 ? null : piecesOf(text);
  if (!pieces) return false;
  const last = pieces.at(-1);
  if (typeof last !== 'string') return last !== undefined;
  const labels = text.replace(/\.$/, '').split('.');
  return labels.length > 1 && /^(?![0-9]+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(labels.at(-1) ?? '');
}

/** Whether the text says something that only the delivering address decides. */
export const needsAddress = (text: string): boolean => /%\{[ipvIPV]/.test(text);

function letterValue(letter: string, { address, domain, sender, helo }: MacroValues): string {
  const [local, host] = [sender.slice(0, sender.lastIndexOf('@')), sender.slice(sender.lastIndexOf('@') + 1)];
  const digits = ipv6Digits(address);
  const values: Record<string, string> = {
    s: sender,
    l: local,
    o: host,
    d: domain,
    i: digits ? [...digits].join('.') : address,
    // Nobody should use it, and resolving it costs; this is what the RFC has for "not known".
    p: 'unknown',
    v: digits ? 'ip6' : 'in-addr',
    h: helo,
  };
  return values[letter.toLowerCase()] ?? '';
}

/**
 * Fills the macros in. A name that becomes too long loses labels at its front (section 7.3).
 * @param text one that `isDomainSpec`
 */
export function expandMacros(text: string, values: MacroValues): string {
  const filled = (piecesOf(text) ?? [])
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const { letter, digits, reversed, delimiters } = piece;
      let parts = [''];
      for (const char of letterValue(letter, values)) {
        if (delimiters.includes(char)) parts.push('');
        else parts.push((parts.pop() ?? '') + char);
      }
      if (reversed) parts.reverse();
      if (digits > 0) parts = parts.slice(-digits);
      const value = parts.join('.');
      return letter === letter.toLowerCase() ? value : encodeURIComponent(value);
    })
    .join('')
    .replace(/\.$/, '');
  const labels = filled.split('.');
  while (labels.length > 1 && labels.join('.').length > 253) labels.shift();
  return labels.join('.');
}
