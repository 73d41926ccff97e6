/** Reads the parts of a ZIP file, by its central directory (APPNOTE 4.3.12): enough for a DOCX. */
import { inflateRawSync } from 'node:zlib';

export function unzip(bytes: Buffer): Map<string, string> {
  const parts = new Map<string, string>();
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new Error('not a ZIP file');
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n -= 1) {
    const [method, packed, name, extra, comment] = [10, 20, 28, 30, 32].map((offset) =>
      offset === 20 ? bytes.readUInt32LE(at + offset) : bytes.readUInt16LE(at + offset),
    ) as [number, number, number, number, number];
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(from, from + packed);
    parts.set(bytes.toString('utf8', at + 46, at + 46 + name), (method === 0 ? content : inflateRawSync(content)).toString('utf8'));
    at += 46 + name + extra + comment;
  }
  return parts;
}

/** What is wrong with some XML as far as text can do harm to it: letters that may not be there (XML 1.0, 2.2), tags that do not match. null = nothing. */
export function xmlProblem(xml: string): string | null {
  const bad = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.exec(xml);
  if (bad) return `the letter U+${bad[0].codePointAt(0)?.toString(16)} at ${bad.index}`;
  const open: string[] = [];
  for (const tag of xml.matchAll(/<([/?!]?)([\w:.-]+)((?:[^<>"]|"[^"<]*")*?)(\/?)>|[<]/g)) {
    const [all, kind, name = '', , closed] = tag;
    if (all === '<') return `a lone < at ${tag.index}`;
    if (kind === '?' || kind === '!' || closed) continue;
    if (kind === '/') {
      if (open.pop() !== name) return `</${name}> at ${tag.index} closes nothing`;
    } else open.push(name);
  }
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(xml)) return 'a lone &';
  return open.length === 0 ? null : `<${open.at(-1)}> is not closed`;
}
