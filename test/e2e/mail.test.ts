import { type App, ask } from '../support/app.ts';
import { type MailStack, startMailStack } from '../support/mail-stack.ts';
import { violations } from './axe.ts';
import { cards, expect, headline, stands, test, tile } from './desk.ts';
import { misfits } from './misfits.ts';

type Page = App['page'];

const inventoryOf = (
  { ports, mailbox, caFile, configDir, serverName }: MailStack,
  more = '',
): string => `organization: { name: Test, timezone: Europe/Berlin }
defaults: { interval: 2s, retryInterval: 1s, maxAttempts: 2, timeout: 5s }
sites: [{ id: sd, name: San Diego }]
mail:
  - id: mail
    domain: example.net
    site: sd
    servers:
      mx: { address: 127.0.0.1, port: ${ports.smtp}, serverName: ${serverName} }
      submission: { address: 127.0.0.1, starttls: ${ports.submission}, tls: ${ports.submissions}, serverName: ${serverName} }
      imap: { address: 127.0.0.1, starttls: ${ports.imap}, tls: ${ports.imaps}, serverName: ${serverName} }
      pop3: { address: 127.0.0.1, starttls: false, tls: ${ports.pop3s}, serverName: ${serverName} }
    mailbox: { address: ${mailbox.address}, passwordSecret: mail-probe }
    caFile: ${caFile}
    queue: { source: local, configDir: ${configDir}, interval: 3s }
    roundtrip: { interval: 5s, slowDegraded: 3s, slowDown: 8s }
    records: false
    adjust: { smtp: { interval: 2s }, submission: { interval: 2s }, submissions: { interval: 2s }, imap: { interval: 2s }, imaps: { interval: 2s }, pop3s: { interval: 2s } }
${more}`;

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
async function looksWell(page: Page, where: string): Promise<void> {
  expect(await misfits(page), where).toEqual([]);
  for (const theme of ['light', 'dark'] as const) {
    await ask(page, 'changeSettings', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await violations(page, `${where}, ${theme}`)).toEqual([]);
  }
}

test('mail is taken and delivered while nobody can read or send it: the legs, the alert and the page say so', async ({ start, after }) => {
  test.setTimeout(120_000);
  const stack = await startMailStack();
  after(() => stack.stop());
  const { page } = await start({ inventory: inventoryOf(stack) });
  await expect(tile(page, 'mail.reading')).toContainText('mail-probe', { timeout: 20_000 });
  expect(await ask(page, 'setSecret', { name: 'mail-probe', value: stack.mailbox.password })).toMatchObject({ ok: true });
  for (const leg of ['receiving', 'sending', 'delivery', 'reading']) await stands(page, `mail.${leg}`, 'ok');
  await expect(cards(page)).toHaveCount(0, { timeout: 15_000 });

  await test.step('all is well: the picture and the round trip', async () => {
    await page.keyboard.press('4');
    await page.getByRole('navigation', { name: 'Sites and links' }).getByRole('button', { name: 'example.net' }).click();
    await expect(page.getByRole('heading', { level: 2, name: 'example.net' })).toBeVisible();
    await expect(page.getByText(/Receiving, sending, delivery and reading work/)).toBeVisible({ timeout: 20_000 });
    await expect(part(page, 'Queue')).toBeVisible();
    await expect(page.getByText(/Round trip/).first()).toBeVisible();
    await expect(part(page, 'Certificates')).toContainText(stack.serverName);
    await looksWell(page, 'mail page');
  });

  const mend = stack.breakAuth();
  await test.step('log-ins are broken: sending and reading, and nothing else', async () => {
    await expect(page.getByText(/Receiving works?/).first()).toBeVisible({ timeout: 40_000 });
    await expect(page.getByText(/(reading|sending).*(does|do) not/i).first()).toBeVisible();
    await page.keyboard.press('1');
    await stands(page, 'mail.reading', 'down');
    await stands(page, 'mail.sending', 'down');
    await stands(page, 'mail.receiving', 'ok');
    await expect(headline(page)).toContainText(/example\.net/);
    await expect(cards(page)).toHaveCount(1);
    await expect(cards(page)).toContainText(/neither be read nor sent|cannot be read|cannot send/);
    await looksWell(page, 'desk with a broken mail stack');
  });
  await mend();
  for (const leg of ['sending', 'reading']) await stands(page, `mail.${leg}`, 'ok');
});

test('what a mail server says is shown letter by letter', async ({ start, after }) => {
  test.setTimeout(90_000);
  const stack = await startMailStack({ postfix: ['smtpd_banner = mail.example.net <img src=x onerror=alert(1)> ESMTP'] });
  after(() => stack.stop());
  const { page } = await start({ inventory: inventoryOf(stack) });
  expect(await ask(page, 'setSecret', { name: 'mail-probe', value: stack.mailbox.password })).toMatchObject({ ok: true });
  await stands(page, 'mail.receiving', 'ok');
  await tile(page, 'mail.receiving').click();
  await expect(page.getByText('<img src=x onerror=alert(1)>').first()).toBeVisible({ timeout: 15_000 });
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
});
