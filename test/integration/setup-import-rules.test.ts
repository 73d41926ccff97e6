import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { projectRoot } from '../../electron/setup/paths.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

// Registered first, so it runs last.
afterAll(removeTemporaryFolders);

const program = join(projectRoot, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

/** Runs our import rules on a small made-up project. */
function cruise(files: Record<string, string>): string {
  const folder = temporaryFolder('imports');
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json']) cpSync(join(projectRoot, name), join(folder, name));
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const tops = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
  const { stdout } = spawnSync(process.execPath, [program, ...tops, '--config', '.dependency-cruiser.cjs', '--output-type', 'err'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout;
}

const leaf = 'export const leaf = 1;\n';
const importing = (path: string): string => `import * as it from '${path}';\nexport const use = it;\n`;

it.each([
  ['shared-is-pure', { 'shared/a.ts': importing('node:fs') }],
  ['shared-is-pure', { 'shared/a.ts': importing('../electron/b.ts'), 'electron/b.ts': leaf }],
  ['probes-know-their-checks-only', { 'electron/probes/a.ts': importing('../engine/b.ts'), 'electron/engine/b.ts': leaf }],
  ['engine-without-electron', { 'electron/engine/a.ts': importing('electron') }],
  ['engine-without-electron', { 'electron/store/a.ts': importing('../desk/b.ts'), 'electron/desk/b.ts': leaf }],
  ['drill-world-judges-nothing', { 'electron/drill/world-a.ts': importing('../../shared/health/b.ts'), 'shared/health/b.ts': leaf }],
  ['drill-world-judges-nothing', { 'electron/drill/world.ts': importing('../store/b.ts'), 'electron/store/b.ts': leaf }],
  [
    'drill-world-knows-types-of-checks-only',
    { 'electron/drill/world-a.ts': importing('../../shared/checks/b.ts'), 'shared/checks/b.ts': leaf },
  ],
  ['drill-truth-diagnoses-nothing', { 'electron/drill/truth.ts': importing('../../shared/health/b.ts'), 'shared/health/b.ts': leaf }],
  [
    'drill-truth-diagnoses-nothing',
    { 'electron/drill/truth-a.ts': importing('../../shared/diagnosis/b.ts'), 'shared/diagnosis/b.ts': leaf },
  ],
  [
    'drill-truth-knows-types-of-diagnoses-only',
    { 'electron/drill/truth.ts': importing('../../shared/diagnosis/types.ts'), 'shared/diagnosis/types.ts': leaf },
  ],
  ['pages-know-shared-only', { 'renderer/a.tsx': importing('../electron/b.ts'), 'electron/b.ts': leaf }],
  ['pages-without-node', { 'renderer/a.tsx': importing('node:path') }],
  ['nobody-imports-pages', { 'electron/a.ts': importing('../renderer/b.ts'), 'renderer/b.ts': leaf }],
  ['nobody-imports-the-desk', { 'electron/a.ts': importing('./desk/b.ts'), 'electron/desk/b.ts': leaf }],
  ['set-up-stands-apart', { 'electron/a.ts': importing('./setup/b.ts'), 'electron/setup/b.ts': leaf }],
  ['no-tools-in-the-app', { 'renderer/a.ts': importing('vitest') }],
  ['everything-resolves', { 'shared/a.ts': importing('./missing.ts') }],
  ['no-circles', { 'shared/a.ts': importing('./b.ts'), 'shared/b.ts': importing('./a.ts') }],
])('%s is noticed in %o', (rule, files) => {
  expect(cruise(files as Record<string, string>)).toContain(`error ${rule}:`);
});

it('lets through what the design allows', () => {
  const report = cruise({
    'shared/checks/a.ts': importing('zod'),
    'shared/maintenance/a.ts': importing('croner'),
    'electron/probes/a.ts': importing('../../shared/checks/a.ts'),
    'electron/engine/a.ts': importing('../probes/a.ts'),
    'renderer/a.tsx': `import { useState } from 'react';\nimport { use } from '../shared/checks/a.ts';\nexport const both = [useState, use];\n`,
    'shared/one.ts': `import type { Two } from './two.ts';\nexport type One = Two | 1;\n`,
    'shared/two.ts': `import type { One } from './one.ts';\nexport type Two = One[] | 2;\n`,
  });
  expect(report).toMatch(/no dependency violations found \([1-9]\d* modules/);
});
