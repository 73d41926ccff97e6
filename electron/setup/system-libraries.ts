/** The shared libraries that Electron loads on Linux, and the Debian packages that carry them. */
import { readChild } from './run-child.ts';

/** Debian and Ubuntu names. Newer releases carry some of them with the ending "t64" (64-bit time). */
export const electronLibraryPackages: readonly string[] = [
  'libasound2',
  'libatk-bridge2.0-0',
  'libatk1.0-0',
  'libatspi2.0-0',
  'libcairo2',
  'libcups2',
  'libdbus-1-3',
  'libexpat1',
  'libgbm1',
  'libglib2.0-0',
  'libgtk-3-0',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libudev1',
  'libx11-6',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
];

/** The libraries that this executable asks for and the system has not, for example ["libgbm.so.1"]. Empty where ldd is missing. */
export async function missingLibraries(executable: string): Promise<string[]> {
  // LC_ALL: ldd's "not found" is translated otherwise.
  const { stdout } = await readChild('ldd', [executable], { env: { ...process.env, LC_ALL: 'C' } });
  return [...stdout.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name ?? '');
}

/** What to tell somebody whose system misses `libraries`. */
export function howToInstallLibraries(libraries: readonly string[]): string {
  return (
    `Electron needs system libraries that are not installed: ${libraries.join(', ')}. On Debian or Ubuntu run\n\n` +
    `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${electronLibraryPackages.join(' ')}\n\n` +
    'On other systems install the packages that hold these files.'
  );
}
