/** `npm run dist:dir`: an unpacked package for Linux in dist/. With the official Electron only, unless the test flag says otherwise. */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Arch, build, Platform } from 'electron-builder';
import { ensureBuilt } from './build.ts';
import { isRepack } from './electron-repack.ts';
import { type ElectronRuntime, officialVersion, resolveElectron } from './electron-runtime.ts';
import { runScript, SetupProblem } from './fail.ts';
import { projectRoot } from './paths.ts';
import { say } from './progress.ts';

await runScript(async () => {
  const runtime = await resolveElectron();
  const forTests = process.env.NIGHTDESK_TEST_ALLOW_UNOFFICIAL === '1';
  const doubt = await doubtAbout(runtime);
  if (doubt !== undefined && !forTests) {
    throw new SetupProblem(
      `No package was made: ${doubt}. A package carries the official Electron only. Unpack that one and set ELECTRON_OVERRIDE_DIST_PATH ` +
        'to its folder.',
    );
  }
  if (doubt !== undefined) say(`*** TEST PACKAGE, NOT TO BE GIVEN AWAY: ${doubt}. ***`);
  await ensureBuilt();

  const unpacked = resolve(projectRoot, process.env.NIGHTDESK_TEST_DIST ?? 'dist');
  await build({
    projectDir: projectRoot,
    targets: Platform.LINUX.createTarget('dir', process.arch === 'arm64' ? Arch.arm64 : Arch.x64),
    publish: 'never',
    config: {
      extends: join(projectRoot, 'electron-builder.yml'),
      directories: { output: unpacked },
      electronDist: runtime.folder,
      electronVersion: runtime.version,
      // Playwright steers the package under test by Node's inspector.
      ...(forTests ? { electronFuses: { enableNodeCliInspectArguments: true } } : {}),
    },
  });
  const folder = join(unpacked, process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked');
  // Electron's own greeting page.
  rmSync(join(folder, 'resources', 'default_app.asar'), { force: true });
  say(`Made ${folder}`);
  return 0;
});

/** Why this runtime is not the official one that package-lock.json pins; undefined when it is. */
async function doubtAbout(runtime: ElectronRuntime): Promise<string | undefined> {
  if (runtime.unofficial || (await isRepack(runtime.path))) return `${runtime.folder} holds the unofficial Electron`;
  const wanted = officialVersion(join(projectRoot, 'node_modules', 'electron'));
  return runtime.version === wanted ? undefined : `${runtime.folder} holds Electron ${runtime.version}, expected ${wanted}`;
}
