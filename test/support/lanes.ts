/** The real tests mostly wait, so several lanes of them run at once. Each has a network of its own: no port, address or name server is met twice. */

/** How long the long ones take alone, in seconds; only how well they are spread hangs on it. */
const longOnes: Record<string, number> = {
  'cli-commands': 75,
  'cli-run': 62,
  'probe-trace': 55,
  'mail-legs-gone': 50,
  'mail-legs-delivery': 50,
  'probe-smtp-plugins': 45,
  'probe-inside': 40,
  'probe-roundtrip': 40,
  'cli-draft': 35,
  'probe-smtp-real': 35,
  'lab-servers': 35,
  'probe-snmp': 28,
  'probe-backup': 28,
  'lab-network': 28,
  'engine-real': 26,
  'probe-push': 24,
  'mail-legs-trust': 20,
  'probe-queue': 20,
  'roundtrip-killed': 20,
};
const usualSeconds = 6;

/**
 * Spreads test files over lanes so that all end at about the same time: the longest first, each to the lane that has least to do.
 * @param files names such as `probe-dns.test.ts`
 * @returns for each lane its files; every file stands in exactly one
 */
export function spread(files: readonly string[], lanes: number): string[][] {
  const secondsOf = (file: string): number => longOnes[file.replace(/\.test\.ts$/, '')] ?? usualSeconds;
  const all = Array.from({ length: lanes }, () => ({ files: [] as string[], seconds: 0 }));
  for (const file of [...files].sort((a, b) => secondsOf(b) - secondsOf(a) || (a < b ? -1 : 1))) {
    const lane = all.reduce((least, it) => (it.seconds < least.seconds ? it : least));
    lane.files.push(file);
    lane.seconds += secondsOf(file);
  }
  return all.map((lane) => lane.files).filter((it) => it.length > 0);
}
