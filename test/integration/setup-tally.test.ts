import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { tallyPlaywright, tallyVitest } from '../support/tally.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

// Registered first, so it runs last.
afterAll(removeTemporaryFolders);

const folder = temporaryFolder('tally');
let count = 0;
function report(content: unknown): string {
  const file = join(folder, `${count++}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}
const suite = (status: string, ...statuses: string[]): unknown => ({
  name: 'a.test.ts',
  status,
  assertionResults: statuses.map((each, at) => ({ fullName: `test ${at}`, status: each })),
});
const specs = (...statuses: string[]): unknown => ({
  suites: [{ title: 'a', suites: [{ title: 'b', specs: statuses.map((status) => ({ title: 't', tests: [{ status }] })) }] }],
  errors: [],
});

it.each([
  ['all well', suite('passed', 'passed', 'passed'), 0, 2, 0],
  ['one failed', suite('failed', 'passed', 'failed'), 1, 1, 1],
  ['a skipped test is a failed one', suite('passed', 'passed', 'skipped', 'pending', 'todo'), 0, 1, 3],
  ['a file that did not load', suite('failed'), 1, 0, 1],
  ['a file that failed after its tests', suite('failed', 'passed'), 1, 1, 1],
  ['a bad exit code alone', suite('passed', 'passed'), 1, 1, 1],
])('vitest: %s', (_, result, exitCode, passed, failed) => {
  expect(tallyVitest(report({ testResults: [result] }), exitCode)).toMatchObject({ passed, failed });
});

it.each([
  ['all well', specs('expected', 'expected'), 0, 2, 0],
  ['failed, flaky and skipped are all failures', specs('unexpected', 'flaky', 'skipped', 'expected'), 1, 1, 3],
  ['an error outside a test', { suites: [], errors: [{ message: 'no tests found' }] }, 1, 0, 1],
])('Playwright: %s', (_, result, exitCode, passed, failed) => {
  expect(tallyPlaywright(report(result), exitCode)).toMatchObject({ passed, failed });
});

it('a run without a report, and a run without a test, are failures', () => {
  expect(tallyVitest(join(folder, 'none.json'), 0)).toMatchObject({ passed: 0, failed: 1 });
  expect(tallyPlaywright(report({ suites: [], errors: [] }), 0)).toMatchObject({ passed: 0, failed: 1 });
});
