/** The list of drills to choose from. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { listDrills } from '../../../electron/drill/list.ts';
import { HOUR } from '../../../shared/time.ts';
import { drillFiles, drillFolder } from '../../drills/play.ts';
import { night } from '../../support/drill-night.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporary-folder.ts';

afterEach(() => void vi.restoreAllMocks());
afterAll(removeTemporaryFolders);

const two = '  - { at: "03:18", break: { link: north, prefixes: [p1, p2] } }\n  - { at: "03:30", break: { host: web1 } }';

it('tells what there is, by name, and leaves out what has a mistake', async () => {
  const folder = temporaryFolder('drills');
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  writeFileSync(join(folder, 'a.yaml'), night(two).replace('name: A night', 'name: Zebra\nabout: what it teaches'));
  writeFileSync(join(folder, 'b.yaml'), night('  []'));
  writeFileSync(join(folder, 'c.yaml'), night('  - { at: "03:18", break: { link: nowhere } }'));
  writeFileSync(join(folder, 'd.txt'), night('  []'));
  const listed = await listDrills(folder);
  expect(listed).toEqual({
    ok: true,
    value: [
      { drill: 'b.yaml', name: 'A night', about: '', lastsMs: 2 * HOUR, faults: 0, checks: 9 },
      { drill: 'a.yaml', name: 'Zebra', about: 'what it teaches', lastsMs: 2 * HOUR, faults: 2, checks: 9 },
    ],
  });
  expect(said).toHaveBeenCalledOnce();
  expect(said.mock.calls[0]?.[0]).toMatch(/c\.yaml is not listed: line \d+, column \d+/);
  // Read once; a file that was changed is read again.
  expect(await listDrills(folder)).toEqual(listed);
  expect(said).toHaveBeenCalledOnce();
  writeFileSync(join(folder, 'c.yaml'), night('  - { at: "03:18", break: { link: sky } }'));
  rmSync(join(folder, 'a.yaml'));
  expect(await listDrills(folder)).toMatchObject({ ok: true, value: [{ drill: 'b.yaml' }, { drill: 'c.yaml', faults: 1 }] });
});

it('says so where the folder cannot be read', async () => {
  expect(await listDrills(join(temporaryFolder('drills'), 'gone'))).toMatchObject({ ok: false, failure: { code: 'no-drills' } });
});

it('holds every drill that is shipped', async () => {
  const listed = await listDrills(drillFolder);
  const all = listed.ok ? listed.value : [];
  expect(all.map((it) => it.drill).sort()).toEqual(drillFiles());
  for (const it of all) expect(it.about, it.drill).not.toBe('');
});
