/** What the set-up says while it works. Always on stderr: stdout belongs to the command that was asked for. */

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const SPEAK_AFTER_MS = 1_000;
const REPEAT_MS = 5_000;

/**
 * Awaits `work` and tells of it when it takes more than a second: what it is, every five seconds that it still goes on (with what `detail`
 * has to add, such as bytes so far), and how long it took.
 */
export async function during<T>(label: string, work: Promise<T>, detail: () => string = () => ''): Promise<T> {
  const start = performance.now();
  let spoken = false;
  const tick = (): void => {
    const extra = detail();
    say(spoken ? `  … ${label}: ${seconds(start)}${extra === '' ? '' : `, ${extra}`}` : `${label} …`);
    spoken = true;
    timer = setTimeout(tick, REPEAT_MS);
  };
  let timer = setTimeout(tick, SPEAK_AFTER_MS);
  try {
    const result = await work;
    if (spoken) say(`${label}: done in ${seconds(start)}`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** "3.2 s" since `startMs` on the performance clock. */
export function seconds(startMs: number): string {
  return `${((performance.now() - startMs) / 1_000).toFixed(1)} s`;
}
