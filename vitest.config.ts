import { defineConfig } from 'vitest/config';

/** The lab of network namespaces may be left out, but only when somebody says so (test/run.ts then tells it beside the counts). */
const leftOut = process.env.NIGHTDESK_TEST_WITHOUT_LAB === '1' ? ['test/integration/lab-*.test.ts'] : [];

/** Ends what hangs; no test counts on it, since a machine may be busy with other things. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000 };
const setupFiles = ['test/support/fixed-chance.ts'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], environment: 'node', setupFiles, ...patience } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: leftOut,
          environment: 'node',
          setupFiles,
          ...patience,
        },
      },
    ],
  },
});
