/** "Did you mean …": the known word nearest to a mistyped one. */

/** Changes of one letter (or swaps of two neighbours) that turn one word into the other; counting stops past `most`. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next[j] = least;
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? most + 1;
}

/** The known word that a person most likely meant, or null when none is near. Case, dashes and underscores do not count. */
export function nearest(word: string, known: readonly string[]): string | null {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_ ]/g, '');
  const wanted = plain(word).slice(0, 64);
  const most = Math.max(1, Math.min(3, Math.floor(wanted.length / 3)));
  let best: { word: string; distance: number } | null = null;
  for (const candidate of known) {
    const far = distance(wanted, plain(candidate), most);
    if (far <= most && (!best || far < best.distance)) best = { word: candidate, distance: far };
  }
  return best?.word ?? null;
}
