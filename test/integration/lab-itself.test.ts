/** The lab itself: it goes away whatever happens to the tests, and where it cannot be built it says so. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../electron/setup/paths.ts';

const lab = JSON.stringify(join(projectRoot, 'test', 'support', 'lab.ts'));

describe('the lab', () => {
  it('is gone with all its processes when the tests are killed, a frozen server included', async () => {
    const script = `import { spawn } from 'node:child_process';
      import { buildLab } from ${lab};
      const it = await buildLab();
      const [enter, ...inside] = it.within('servers');
      spawn(enter, [...inside, 'sh', '-c', 'sleep 600 & kill -STOP $!; wait'], { stdio: 'ignore' });
      console.log(it.within('core')[2], it.within('servers')[2]);
      setInterval(() => {}, 1_000);`;
    const tests = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(tests.stdout, 'data');
    const pids = String(line).trim().split(' ');
    expect(pids).toHaveLength(2);
    // A network of its own indeed.
    for (const pid of pids) expect(readlinkSync(`/proc/${pid}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'));
    tests.kill('SIGKILL');
    await once(tests, 'exit');
    for (let tries = 0; pids.some((pid) => existsSync(`/proc/${pid}`)); tries += 1) {
      expect(tries, 'the lab outlived the tests').toBeLessThan(50);
      await wait(50);
    }
  });

  it('says in words that it cannot be built, and how to leave it out', () => {
    const script = `import { buildLab } from ${lab}; await buildLab().then(() => console.log('built'), (error) => console.log(error.message));`;
    const said = execFileSync(
      'setpriv',
      ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '--input-type=module', '-e', script],
      { encoding: 'utf8', cwd: '/' },
    );
    expect(said).toBe(
      'only root can build the lab; run the tests as root on Linux, or leave the lab out and say so: NIGHTDESK_TEST_WITHOUT_LAB=1\n',
    );
  });
});
