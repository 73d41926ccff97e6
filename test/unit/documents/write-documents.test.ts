/** Documents written from the command line: what their files are called. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeDocuments } from '../../../electron/documents/write-documents.ts';
import { createRedactor } from '../../../electron/engine/redact.ts';
import { paperOf } from '../../support/papers.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-written-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a secret that somebody put into a title is neither in the file nor in its name', async () => {
  const title = 'Login with hunter22 fails';
  const about = { incident: null, window: null, range: { from: 0, to: 1 } };
  const written = await writeDocuments({
    readers: { store: { alerts: () => [] } as never, charts: null },
    plan: { organization: { name: 'Example', timezone: 'UTC' }, subjects: [], checks: [] } as never,
    documents: [{ ...about, document: paperOf({ Summary: 'It was hunter22.' }, { title }), name: `2026-11-20 ${title}` }],
    formats: ['markdown'],
    folder,
    overwrite: false,
    now: 2,
    redact: createRedactor(() => ['hunter22']),
    print: null,
  });
  const [file = ''] = written.ok ? written.value.files : [];
  expect(basename(file)).toBe('2026-11-20 Login with [secret] fails.md');
  expect(readFileSync(file, 'utf8')).not.toContain('hunter22');
});
