import { type App, ask } from '../support/app.ts';
import { startRedis } from '../support/databases.ts';
import { providerGateway, providerNetwork, ranges, startDroppingProvider } from '../support/dropping-provider.ts';
import { freePort, startNsd, startSshd } from '../support/servers.ts';
import { violations } from './axe.ts';
import { cards, expect, fast, said, stands, test, tile } from './desk.ts';
import { misfits } from './misfits.ts';

type Page = App['page'];

/** Opens a page of the screen "Sites" from its list. */
const go = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Sites and links' }).getByRole('button', { name }).click();
  await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
};
const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** A page in trouble, looked at in both themes: nothing serious for axe, nothing cut off. */
async function looksWell(page: Page, where: string): Promise<void> {
  expect(await misfits(page), where).toEqual([]);
  for (const theme of ['light', 'dark'] as const) {
    await ask(page, 'changeSettings', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await violations(page, `${where}, ${theme}`)).toEqual([]);
  }
}

test('a provider whose circuit is up drops a range: the site, the link and a trace say so', { tag: '@lab' }, async ({ start, after }) => {
  const provider = await startDroppingProvider();
  after(() => provider.remove());
  const [kept, dropped] = ranges;
  // The 20 packets of a smoke chart take longer than the second that all else here has.
  const { page } = await start({
    inventory: `${fast}
sites: [{ id: sd, name: San Diego, contacts: [{ name: Remote hands, phone: "+1 555 0100" }] }]
links:
  - { id: cox, site: sd, provider: Cox, circuit: CX-4711, hops: [${providerNetwork}], contacts: [{ name: Cox NOC, tier: first, phone: "+1 555 0199" }], checks: [{ type: icmp, name: gateway, address: ${providerGateway}, packets: 20, interval: 7s, timeout: 7s }] }
  - { id: level3, site: sd, provider: Level3, gateway: 127.0.2.2 }
prefixes:
  - { id: customers, name: Customers, cidr: ${dropped.cidr}, site: sd, via: [cox], representatives: [${dropped.machine}] }
  - { id: office, name: Office, cidr: ${kept.cidr}, site: sd, via: [cox, level3], representatives: [${kept.machine}] }
`,
  });
  await stands(page, 'customers', 'ok');
  await page.keyboard.press('4');
  const matrix = part(page, 'Address ranges and the links that carry them');
  const row = (name: string) => matrix.getByRole('row').filter({ hasText: name });
  await expect(row('Customers').locator('[data-look="fine"]')).toHaveText('ok');
  await expect(row('Customers')).toContainText('not carried here');
  await expect(row('Office').locator('[data-look="fine"]')).toHaveCount(2);
  await expect(page.getByText('All circuits are up, and all 2 ranges are reached.')).toBeVisible();
  await expect(part(page, 'Whom to call')).toContainText('+1 555 0100');

  await test.step('the link: smoke of real pings, a trace that comes through, whom to call', async () => {
    await go(page, 'Cox');
    await expect(page.getByRole('slider', { name: `Round trips to ${providerGateway} over the last 3 hours` })).toBeVisible({
      timeout: 15_000,
    });
    const smoke = part(page, 'Round trips and loss');
    await expect(smoke).toContainText(/median .* 0 % lost of [\d,]+ packets/);
    await expect(smoke.locator('svg path[stroke]').first()).toBeAttached();
    await smoke.getByRole('slider').press('ArrowLeft');
    await expect(smoke).toContainText(/median .* · 0 of 20 packets lost/);
    await expect(part(page, 'Whom to call')).toContainText(/CX-4711.*Cox NOC.*\+1 555 0199/);
    await expect(part(page, 'Carries')).toContainText('Customers');
    await part(page, 'Traces').getByRole('button', { name: 'Trace now' }).click();
    await expect(said(page, `Traced: reaches ${dropped.machine} in 2 hops through Cox`)).toBeVisible({ timeout: 15_000 });
    await expect(part(page, 'Traces').getByRole('row').filter({ hasText: providerGateway })).toContainText('Cox');
  });

  await provider.drop(dropped.cidr);
  await test.step('the matrix: up at the circuit, dead behind it', async () => {
    await go(page, 'San Diego');
    await expect(row('Customers').locator('[data-look="no-traffic"]')).toHaveText('circuit up, no traffic', { timeout: 20_000 });
    await expect(row('Customers')).toContainText('0 of 1 answer');
    await expect(row('Office').locator('[data-look="fine"]')).toHaveCount(2);
    await expect(page.getByText('Cox is up, but Customers gets no traffic.', { exact: true })).toBeVisible();
    await expect(part(page, 'Links').getByRole('row').filter({ hasText: 'Cox' })).toContainText(/ok.*0 %/i);
    await looksWell(page, 'site');
  });
  await test.step('the trace beside the last good one: where it dies', async () => {
    await go(page, 'Cox');
    await expect(page.getByText('Cox is up, but Customers gets no traffic.', { exact: true })).toBeVisible();
    const traces = part(page, 'Traces');
    await expect(traces.getByRole('combobox')).toContainText(`Customers · ${dropped.machine} (down)`);
    await expect(traces).toContainText('The last one that failed: dies at the last step, after 198.19.9.2 (hop 1 of 2).', {
      timeout: 20_000,
    });
    await expect(traces.locator('[data-dies]')).toContainText(providerGateway);
    await looksWell(page, 'link');
  });
});

/** A zone as a name server holds it. */
const zoneText = (serial: number): string => `$ORIGIN example.test.
$TTL 300
@ IN SOA ns1 hostmaster ${serial} 3600 600 604800 60
@ IN NS ns1
ns1 IN A 127.0.0.1
`;

test('name servers that differ, a server from inside, ssh, and a database whose password is not set here', async ({ start, after }) => {
  const [primary, secondary, ssh, database] = await Promise.all([
    startNsd({ 'example.test': zoneText(2026111903) }),
    startNsd({ 'example.test': zoneText(2026111901) }),
    startSshd(),
    startRedis(['--requirepass', 'sesame']),
  ]);
  for (const server of [primary, secondary, ssh, database]) after(() => server.stop());
  const { page } = await start({
    inventory: `${fast}
sites: [{ id: sd, name: San Diego }]
hosts:
  - id: web1
    name: web1.example.net
    site: sd
    address: 127.0.0.1
    checks:
      - { type: host, name: inside }
      - { type: ssh, name: shell, port: ${ssh.port} }
  - id: db1
    site: sd
    parents: [web1]
    address: 127.0.0.1
    checks: [{ type: redis, name: sessions, port: ${database.port}, passwordSecret: db-password }]
  - id: ns
    site: sd
    checks: [{ type: zone, zone: example.test, servers: ["127.0.0.1:${primary.port}", "127.0.0.1:${secondary.port}"], primary: "127.0.0.1:${primary.port}", serialLagDegraded: 1s }]
`,
  });
  await stands(page, 'ns', 'degraded');
  await stands(page, 'db1', 'unknown');

  await page.keyboard.press('4');
  await go(page, 'DNS');
  const zones = part(page, 'Zones and their servers');
  const row = zones.getByRole('row').filter({ hasText: 'example.test' });
  await expect(row.locator('[data-tone="ok"]')).toContainText('2026111903');
  await expect(row.locator('[data-tone="late"]')).toContainText(/2026111901.*2 behind for/, { timeout: 15_000 });
  await expect(zones).toContainText(`127.0.0.1:${secondary.port} is not in step for example.test.`);
  await looksWell(page, 'DNS');

  await go(page, 'San Diego');
  await part(page, 'Servers').getByRole('button', { name: 'web1.example.net' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'web1.example.net' })).toBeVisible();
  const inside = part(page, 'From inside');
  await expect(inside.getByRole('region', { name: 'Memory' })).toContainText(/% of/, { timeout: 15_000 });
  await expect(inside.getByRole('region', { name: 'Disks' })).toContainText('%');
  await expect(part(page, 'Checks')).toContainText(/OpenSSH.*host key/);
  await expect(part(page, 'What depends on it')).toContainText('db1');

  await looksWell(page, 'host');

  await part(page, 'What depends on it').getByRole('button', { name: 'db1' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'db1' })).toBeVisible();
  await expect(part(page, 'Checks')).toContainText('the secret "db-password" is not set');
  await expect(part(page, 'Reached through')).toContainText('web1.example.net');
  await expect(part(page, 'From inside')).toContainText('Nobody looks into this server');
});

test('a job that calls by HTTP is green, and red once a call is late', async ({ start }) => {
  const port = await freePort();
  const token = 'nightly-backup-of-db1';
  const { page } = await start({
    inventory: `${fast}
desk: { push: { listen: "127.0.0.1:${port}" } }
hosts: [{ id: backup, checks: [{ type: push, name: nightly, token: backup-token, every: 10s, grace: 0s }] }]
`,
  });
  await expect(tile(page, 'backup')).toContainText('the secret "backup-token" is not set', { timeout: 15_000 });
  expect(await ask(page, 'setSecret', { name: 'backup-token', value: token })).toMatchObject({ ok: true });
  await expect(async () => {
    expect((await fetch(`http://127.0.0.1:${port}/push/${token}?message=42 GB written`)).status).toBe(200);
  }).toPass({ timeout: 5_000 });
  await stands(page, 'backup', 'ok');
  expect((await fetch(`http://127.0.0.1:${port}/push/${token}x`)).status).toBe(404);
  await stands(page, 'backup', 'down');
  await expect(cards(page)).toContainText(/no call|last call/);
  expect((await fetch(`http://127.0.0.1:${port}/push/${token}?status=warning&message=disk nearly full`)).status).toBe(200);
  await stands(page, 'backup', 'degraded');
  await expect(tile(page, 'backup')).toContainText('disk nearly full');
});

test('where nothing is written yet, the screens say what would be there', async ({ start }) => {
  const { page } = await start({ inventory: fast });
  await page.keyboard.press('4');
  await expect(page.getByText('There are no sites, links or servers yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Add a server' }).last().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');

  const bare = await start({
    inventory: `${fast}
sites: [{ id: sd, name: San Diego }]
links: [{ id: cox, site: sd, provider: Cox }]
`,
  });
  await bare.page.keyboard.press('4');
  await go(bare.page, 'DNS');
  await expect(bare.page.getByText('No DNS is checked yet.')).toBeVisible();
  await go(bare.page, 'San Diego');
  await expect(bare.page.getByText('No address range is written for this site.')).toBeVisible();
  await expect(bare.page.getByText('No server stands here.')).toBeVisible();
  await go(bare.page, 'Cox');
  await expect(bare.page.getByText('Nothing is checked here. Give the link a gateway')).toBeVisible();
  await expect(bare.page.getByText('There is nothing to trace')).toBeVisible();
});
