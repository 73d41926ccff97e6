/** Reads what vitest and Playwright report in JSON, and counts it our way: a skipped test is a failed one, and so is a file that would not load. */
import { existsSync, readFileSync } from 'node:fs';

export interface Tally {
  passed: number;
  failed: number;
  /** What somebody must look at: a line for each test that was skipped and each suite that did not load. */
  complaints: string[];
}

export const sumOf = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((sum, it) => sum + it.passed, 0),
  failed: tallies.reduce((sum, it) => sum + it.failed, 0),
  complaints: tallies.flatMap((it) => it.complaints),
});

/** Vitest's "json" reporter (the shape of Jest's). */
interface VitestReport {
  testResults: { name: string; status: string; message?: string; assertionResults: { fullName: string; status: string }[] }[];
}

interface PlaywrightSuite {
  title: string;
  specs?: { title: string; tests: { status: 'expected' | 'unexpected' | 'flaky' | 'skipped' }[] }[];
  suites?: PlaywrightSuite[];
}
interface PlaywrightReport {
  suites: PlaywrightSuite[];
  errors: { message?: string }[];
}

/** Counts a vitest report; `exitCode` is the runner's, so that a failure the report does not show still counts. */
export function tallyVitest(file: string, exitCode: number): Tally {
  const tally: Tally = { passed: 0, failed: 0, complaints: [] };
  const report = readReport<VitestReport>(file);
  for (const suite of report?.testResults ?? []) {
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') tally.passed += 1;
      else {
        tally.failed += 1;
        if (test.status !== 'failed') tally.complaints.push(`not run (${test.status}): ${test.fullName}`);
      }
    }
    const loaded = suite.assertionResults.length > 0;
    if (!loaded) {
      tally.failed += 1;
      tally.complaints.push(`no test ran in ${suite.name}`);
    } else if (suite.status === 'failed' && suite.assertionResults.every((test) => test.status === 'passed')) {
      tally.failed += 1;
      tally.complaints.push(`its tests passed, but the file failed: ${suite.name}`);
    }
  }
  return settle(tally, exitCode);
}

/** Counts a Playwright report. A test that passed only when tried again counts as failed. */
export function tallyPlaywright(file: string, exitCode: number): Tally {
  const tally: Tally = { passed: 0, failed: 0, complaints: [] };
  const report = readReport<PlaywrightReport>(file);
  const count = (suite: PlaywrightSuite): void => {
    for (const spec of suite.specs ?? []) {
      for (const { status } of spec.tests) {
        if (status === 'expected') tally.passed += 1;
        else tally.failed += 1;
        if (status === 'skipped' || status === 'flaky') tally.complaints.push(`${status}: ${suite.title} › ${spec.title}`);
      }
    }
    for (const inner of suite.suites ?? []) count(inner);
  };
  for (const suite of report?.suites ?? []) count(suite);
  for (const { message } of report?.errors ?? []) {
    tally.failed += 1;
    tally.complaints.push(message ?? 'Playwright reported an error without a message');
  }
  return settle(tally, exitCode);
}

function readReport<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

/** No run of zero tests and no bad exit code may end green. */
function settle(tally: Tally, exitCode: number): Tally {
  if (tally.passed + tally.failed === 0) {
    tally.failed = 1;
    tally.complaints.push(`no test ran (exit code ${exitCode})`);
  } else if (exitCode !== 0 && tally.failed === 0) {
    tally.failed = 1;
    tally.complaints.push(`every test passed, but the runner ended with exit code ${exitCode}`);
  }
  return tally;
}
