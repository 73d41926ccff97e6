/** Looks once whether fping is there. */
import { execFile } from 'node:child_process';
import { createFping } from './fping.ts';
import type { Pinger } from './pinger.ts';

export interface PingerChoice {
  pinger: Pinger;
  /** What to tell people when it is not fping, ready to read; null when all is well. */
  missing: string | null;
}

/** @param command what to look for; another one only in tests */
export async function choosePinger(command = 'fping'): Promise<PingerChoice> {
  const code = await new Promise<string | number | null>((resolve) => {
    execFile(command, ['-v'], { timeout: 5_000, windowsHide: true }, (error) => resolve(error ? (error.code ?? 'no code') : null));
  });
  if (code === null) return { pinger: createFping(command), missing: null };
  const { createNpmPing } = await import('./npm-ping.ts');
  const why = code === 'ENOENT' ? 'fping is not installed' : `fping cannot be started (${code})`;
  return {
    pinger: createNpmPing(),
    missing: `${why}, so pings are sent by the slower "ping" command. That works, but costs much more of this computer's time: with more than a few dozen targets install the package "fping" and start Nightdesk again.`,
  };
}
