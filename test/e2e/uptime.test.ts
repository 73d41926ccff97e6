import { readFileSync } from 'node:fs';
import { startTcp } from '../support/servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { dialog, expect, fast, lines, said, stands, test } from './desk.ts';

test('uptime is shown, and leaves the house as a table that runs nothing', async ({ start, after }) => {
  const server = await startTcp((socket) => void socket.write('SSH-2.0-Test\r\n'));
  after(() => server.stop());
  const { page, electron } = await start({
    settings: { author: 'Kim', welcomeDone: true },
    inventory: `${fast}
sites: [{ id: sd, name: San Diego }]
hosts:
  - { id: evil, site: sd, name: "=cmd|' /C calc'!A0", address: 127.0.0.1, checks: [{ type: tcp, name: ssh, port: ${server.port}, expect: SSH- }] }
  - { id: db1, site: sd, address: 127.0.0.2, checks: [{ type: icmp, packets: 1 }] }
`,
  });
  await stands(page, 'evil', 'ok');
  await server.stop();
  await stands(page, 'evil', 'down');

  await page.keyboard.press('u');
  const table = page.getByRole('table', { name: 'Uptime' });
  const row = (name: string) => table.getByRole('row').filter({ hasText: name });
  await expect(page.getByRole('heading', { level: 2, name: /^1 of 2 things was down; the longest outage: =cmd/ })).toBeVisible();
  await page.getByRole('button', { name: 'Today' }).click();
  await expect(row('=cmd')).toContainText(/\d\d?\.\d{3} %/);
  await expect(row('db1')).toContainText('100 %');
  await expect(row('San Diego')).toBeVisible();
  // Before Nightdesk ran nobody knows: it is neither up nor down.
  await expect(row('db1').getByRole('img', { name: /not known \d/ })).toBeVisible();
  await expect(row('=cmd').getByRole('img', { name: /down [<\d]/ })).toBeVisible();

  // The worst stands first; unfolded it shows its checks; a filter leaves what fits.
  await expect(table.getByRole('row').nth(2)).toContainText('=cmd');
  await row('=cmd')
    .getByRole('button', { name: /show its checks/ })
    .click();
  await expect(table.getByRole('row').nth(3)).toContainText(/ssh/i);
  await page.keyboard.press('/');
  await page.keyboard.type('db');
  await expect(row('=cmd')).toHaveCount(0);
  await expect(row('db1')).toBeVisible();
  await page.getByRole('searchbox').fill('');

  const folder = temporaryFolder('exported');
  await electron.evaluate(({ dialog: native }, to) => {
    native.showSaveDialog = (async (...all: unknown[]) => {
      const { defaultPath = '' } = all.at(-1) as { defaultPath?: string };
      return { canceled: false, filePath: `${to}/${defaultPath.split('/').at(-1)}` };
    }) as never;
  }, folder);
  await page.getByRole('button', { name: 'Export CSV…' }).click();
  await dialog(page).getByRole('button', { name: 'Save as CSV…' }).click();
  await expect(dialog(page)).toHaveCount(0);
  const saved = said(page, 'Saved to');
  const file = /Saved to (.*\.csv)\./.exec(await saved.innerText())?.[1] ?? '';
  expect(file).toMatch(new RegExp(`^${folder}/[^/]+\\.csv$`));
  const text = readFileSync(file, 'utf8');
  expect(text.startsWith('\ufefffrom,to,zone,site,kind,id,name,availability %')).toBe(true);
  const written = text.trimEnd().split('\r\n');
  expect(written.find((line) => line.includes('=cmd'))).toContain(",'=cmd|' /C calc'!A0,");
  for (const line of written.slice(1)) for (const cell of line.split(',')) expect(cell).not.toMatch(/^["\s]*[=+@-]/);
  await page.keyboard.press('1');
  await expect(lines(page)).toContainText(/Uptime .* \(csv\)/);
});
