/** Cuts a stream of bytes into lines, in bounded memory. */

const newline = 0x0a;

/**
 * @param onLine hears each line without its end; `whole` is false for one that was longer than `most`: it is then its beginning
 * @param most bytes of a line that are kept
 */
export function createLineReader(onLine: (line: string, whole: boolean) => void, most = 65_536) {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (piece: Buffer): void => {
    const room = most - size;
    // A copy, as the chunk behind it is large and may be used again.
    if (room > 0 && piece.length > 0) parts.push(Buffer.from(piece.subarray(0, room)));
    size += piece.length;
  };
  const flush = (): void => {
    if (size > 0) onLine(Buffer.concat(parts).toString('utf8'), size <= most);
    parts = [];
    size = 0;
  };
  return {
    hear(chunk: Buffer): void {
      let from = 0;
      for (let to = chunk.indexOf(newline); to >= 0; from = to + 1, to = chunk.indexOf(newline, from)) {
        const end = to > from && chunk[to - 1] === 0x0d ? to - 1 : to;
        if (size === 0 && end - from <= most) {
          if (end > from) onLine(chunk.toString('utf8', from, end), true);
          continue;
        }
        take(chunk.subarray(from, end));
        flush();
      }
      take(chunk.subarray(from));
    },
    /** What has no end of line counts too. */
    end: flush,
  };
}
