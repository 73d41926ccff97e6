import { defineConfig } from 'playwright/test';

/** The desk itself under test. test/run.ts builds it, gives it a screen and a network, and names the runtime in NIGHTDESK_ELECTRON. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.test.ts',
  // What needs network namespaces is left out only where somebody says so.
  ...(process.env.NIGHTDESK_TEST_WITHOUT_LAB === '1' ? { grepInvert: /@lab/ } : {}),
  outputDir: 'test-results/e2e',
  workers: 2,
  retries: 0,
  timeout: 60_000,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
});
