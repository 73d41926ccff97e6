import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { spread } from '../support/lanes.ts';

const files = readdirSync(join(import.meta.dirname, '../integration')).filter((file) => file.endsWith('.test.ts'));

it.each([1, 2, 3, 7])('every real test stands in exactly one of %d lanes, and no lane is empty', (count) => {
  const lanes = spread(files, count);
  expect(lanes).toHaveLength(count);
  expect(lanes.flat().sort()).toEqual([...files].sort());
  for (const lane of lanes) expect(lane.length).toBeGreaterThan(0);
});

it('what takes long is apart, and few files do not make empty lanes', () => {
  expect(spread(['a.test.ts', 'cli-run.test.ts', 'cli-commands.test.ts'], 2)).toEqual([
    ['cli-commands.test.ts'],
    ['cli-run.test.ts', 'a.test.ts'],
  ]);
  expect(spread(['a.test.ts'], 3)).toEqual([['a.test.ts']]);
});
