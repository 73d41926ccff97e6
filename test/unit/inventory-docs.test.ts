import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { docFiles, exampleInventory, inventoryJsonSchema, inventoryMarkdown } from '../../electron/inventory/docs.ts';
import { parseInventory } from '../../electron/inventory/read.ts';
import { checks } from '../../shared/checks/index.ts';

const root = join(import.meta.dirname, '../..');

describe('docs of the inventory', () => {
  test.each(Object.entries(docFiles()))('%s is up to date (else: npm run docs)', async (path, text) => {
    expect(await readFile(join(root, path), 'utf8')).toBe(text);
  });

  test('the worked example is valid, without warnings, and stands in the page', () => {
    const read = parseInventory(exampleInventory, 'docs/inventory.md');
    if (!read.ok) throw new Error(JSON.stringify(read.failure));
    expect(read.value).not.toHaveProperty('warnings');
    expect(read.value.plan.checks.map((it) => it.id)).toEqual([
      'desk/gateway',
      'desk/far-host',
      'upstream-one/gateway',
      'upstream-two/gateway',
      'customers/icmp-203.0.113.1',
      'web1/icmp',
      'web1/ssh',
      'web1/http',
      'db1/tcp',
      'db2/tcp',
      'mail.receiving/smtp',
      'mail.receiving/smtp-v6',
      'mail.sending/submission',
      'mail.sending/submissions',
      'mail.sending/blocklist',
      'mail.delivery/roundtrip',
      'mail.reading/imap',
      'mail.reading/imaps',
      'mail.webmail/webmail',
      'mail.records/posture',
      'mail-lists/smtp',
    ]);
    expect(inventoryMarkdown()).toContain(exampleInventory);
  });

  test('every check type and each of its settings is explained', () => {
    const page = inventoryMarkdown();
    for (const [type, { config }] of Object.entries(checks)) {
      const section = page.slice(page.indexOf(`### ${type}:`)).split('\n### ')[0] ?? '';
      const rows = section.split('\n').filter((row) => row.startsWith('| `'));
      for (const key of Object.keys(config.shape)) {
        const row = rows.find((it) => it.startsWith(`| \`${key}\` |`));
        expect(row, `${type} ${key}`).toBeDefined();
        expect(row?.split(' | ').at(-1)?.replace('|', '').trim(), `help text of ${type} ${key}`).not.toBe('');
      }
    }
  });

  test('durations are text with text as default, for editors', () => {
    expect(inventoryJsonSchema()).toMatchObject({
      properties: { defaults: { properties: { interval: { type: 'string', default: '30s' } } } },
    });
  });
});
