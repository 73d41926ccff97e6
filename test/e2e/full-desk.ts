/**
 * A desk with something in every part of it: trouble of each kind, many tiles, long names, alerts (open, taken, silenced, with
 * consequences), planned work in every state, changes, channels and people, notes, a draft.
 */
import type { Locator, Page } from 'playwright/test';
import { type App, type AppOptions, askEngine, type openApp } from '../support/app.ts';
import { freePort, startTcp } from '../support/servers.ts';
import { at, cards, dialog, expect, fast, inList, stands } from './desk.ts';

/** A moment so many hours from now, as the inventory holds it. */
const hours = (fromNow: number): string => `${at(fromNow * 3_600_000)}+01:00`;

type Start = (options?: AppOptions) => ReturnType<typeof openApp>;

/** @returns the app, once every tile has its standing and the alerts are up */
export async function startFullDesk(
  start: Start,
  after: (undo: () => unknown) => void,
  settings: Record<string, unknown> = {},
): Promise<App> {
  const ssh = await startTcp((socket) => void socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'));
  const busy = await startTcp((socket) => void socket.write('421 too many connections, please try again later when there are fewer\r\n'));
  after(() => Promise.all([ssh.stop(), busy.stop()]));
  const closed = await freePort();
  const hosts = Array.from(
    { length: 44 },
    (_, index) =>
      `  - { id: web${index + 1}, name: web${index + 1}.example.net, site: sd, address: 127.0.1.${index + 1}, checks: [{ type: icmp, packets: 1 }] }`,
  );
  const app = await start({
    settings: { author: 'Kim', welcomeDone: true, ...settings },
    inventory: `${fast}
sites: [{ id: sd, name: San Diego, timezone: America/Los_Angeles }]
hosts:
${hosts.join('\n')}
  - { id: db1, name: database-primary-with-a-rather-long-name.example.net, site: sd, address: 127.0.0.1, checks: [{ type: tcp, name: mysql, port: ${closed} }, { type: tcp, name: ssh, port: ${ssh.port}, expect: SSH-2.0 }] }
  - { id: sw1, name: Switch 1, site: sd, address: 127.0.0.1, checks: [{ type: tcp, name: management, port: ${closed} }] }
  - { id: behind1, name: behind-the-switch.example.net, site: sd, parents: [sw1], address: 127.0.0.1, checks: [{ type: tcp, name: web, port: ${closed} }] }
links:
  - { id: cox, site: sd, provider: Cox Communications, gateway: 127.0.2.1 }
  - { id: level3, site: sd, provider: Level 3, gateway: 127.0.2.2 }
mail:
  - id: mail
    domain: example.net
    address: 127.0.0.1
    checks:
      - { type: tcp, name: smtp, port: ${busy.port}, expect: "220" }
      - { type: tcp, name: imap, port: ${closed} }
      - { type: tcp, name: submission, port: ${ssh.port} }
maintenance:
  - { id: firmware, name: New firmware for the array of disks, kind: open-ended, from: "2026-01-01T00:00:00Z", affects: [web44], reason: as agreed }
  - { id: power, name: Power supply, from: "${hours(30)}", to: "${hours(32)}", affects: [sd], spares: [mail], reason: 'Mail is held and delivered afterwards' }
  - { id: patches, name: Patches, schedule: "30 3 * * 0", duration: 90m, affects: [web1, web2, web3, web4] }
  - { id: move, name: Move to another rack, kind: fixed, duration: 4h, affects: [db1] }
routines:
  - { id: rotation, name: weekly log rotation, schedule: "0 4 * * 0", restarts: [web1, web2] }
notify:
  channels: [{ id: hook, name: Chat of the night shift, type: slack, url: chat-address }]
  people: [{ id: alex, name: Alexandra Doe-Featherstonehaugh, phone: "+49 30 5550100", channels: [hook] }, { id: sam, name: Sam Roe, channels: [hook] }]
  rotas:
    - { id: night, name: Night, rotation: { people: [alex, sam], since: "2026-01-01T00:00:00Z" } }
    - { id: day, name: Day, overrides: [{ person: sam, from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z" }] }
  routes: [{ id: all, to: [hook], wait: 0s }]
`,
  });
  const { page } = app;
  await expect(cards(page)).toHaveCount(3, { timeout: 15_000 });
  await expect(page.locator('[data-tile][data-standing="pending"]')).toHaveCount(0, { timeout: 15_000 });
  await stands(page, 'behind1', 'unreachable');
  await stands(page, 'web44', 'maintenance');
  // An alert that gets worse after it was taken is open again.
  await stands(page, 'mail/smtp', 'degraded');
  await stands(page, 'mail/imap', 'down');
  const mail = await cards(page)
    .filter({ hasText: 'example.net' })
    .filter({ hasNotText: 'database' })
    .filter({ hasNotText: 'Switch' })
    .getAttribute('data-alert');
  const taken = {
    alerts: [mail],
    by: 'Sam',
    comment: 'postfix is being restarted, I am on it',
    sticky: true,
    until: Date.now() + 7_200_000,
    takeOver: false,
  };
  expect(await askEngine(page, 'acknowledge', taken)).toMatchObject({ ok: true });
  const quiet = { subjects: ['sw1'], by: 'Kim', reason: 'the new switch is not plugged in yet', until: Date.now() + 28_800_000 };
  expect(await askEngine(page, 'silence', quiet)).toMatchObject({ ok: true });
  const changes = [{ at: Date.now() - 86_400_000, subject: 'db1', text: 'security patches, restarted', by: null }];
  expect(await askEngine(page, 'addChanges', { changes, by: 'Kim' })).toMatchObject({ ok: true });
  await writeIncidents(page, mail ?? '');
  for (const list of [/^Open/, /^Taken/, 'Silenced']) await expect(inList(page, list)).toHaveCount(1);
  await cards(page)
    .getByRole('button', { name: /behind it cannot be reached/ })
    .click();
  return app;
}

/** One incident with everything that its page shows, and a second one to merge it with. */
async function writeIncidents(page: Page, alert: string): Promise<void> {
  const by = 'Kim';
  const open = async (more: Record<string, unknown>): Promise<string> => {
    const made = { title: null, severity: 'major', lead: null, alerts: [], subjects: [], from: null, to: null, by, ...more };
    return ((await askEngine(page, 'openIncident', made)) as { value: { id: string } }).value.id;
  };
  await open({ title: 'A switch in rack 4 was not plugged in, and nobody knows since when', severity: 'minor' });
  const incident = await open({ alerts: [alert], severity: 'critical', lead: 'Sam' });
  const call = {
    type: 'contact',
    with: 'cox',
    person: null,
    tier: 'tier 1',
    channel: 'phone',
    direction: 'out',
    ticket: '48213',
    waiting: true,
  };
  const entries = [
    { ...call, text: 'they see nothing and hand it to their routing group' },
    { type: 'customer-report', count: 12, text: 'no mail' },
    { type: 'progress', done: 7, total: 43, what: 'sites restored', text: '' },
    { type: 'owed', with: 'cox', what: 'RFO', dueAt: Date.now() + 86_400_000 },
    { type: 'owed', with: 'Dell', what: 'new controller', dueAt: Date.now() - 86_400_000 },
  ];
  for (const entry of entries) expect(await askEngine(page, 'log', { incident, by, at: null, entry })).toMatchObject({ ok: true });
  const late = { type: 'note', text: 'first noticed by a customer' };
  expect(await askEngine(page, 'log', { incident, by, at: Date.now() - 1_800_000, entry: late })).toMatchObject({ ok: true });
}

/** Opens the post-mortem of the incident with everything, drafting it the first time. */
async function editDocument(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Incidents', exact: true }).focus();
  await page.keyboard.press('3');
  await page.locator('[data-incident]').first().click();
  await page
    .getByRole('button', { name: /^Post-mortem/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 2, name: 'Post-mortem' })).toBeVisible();
}

/** Opens a page of the screen "Sites" from its list. */
const listed = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Sites and links' }).getByRole('button', { name }).click();

/** Every place of the desk's page, by name: how to get there, and how to leave. */
export const places: Record<string, (page: Page) => Promise<unknown>> = {
  desk: (page) => page.keyboard.press('1'),
  detail: async (page) => {
    await page.locator('[data-tile="db1"]').click();
    await expect(page.getByRole('heading', { level: 2, name: /^database-primary/ })).toBeVisible();
    await expect(page.getByText('Newest probe').first()).toBeVisible();
  },
  timeline: async (page) => {
    await page.keyboard.press('2');
    await expect(page.getByText('That is all there is.')).toBeAttached();
  },
  incidents: async (page) => {
    await page.keyboard.press('1');
    await page.keyboard.press('d');
    await expect(page.getByRole('article', { name: 'Draft' })).toBeVisible();
  },
  'incidents, a stretch of time': async (page) => {
    await page.getByRole('button', { name: 'Time range' }).click();
    await expect(page.getByRole('article', { name: 'Draft' })).toBeVisible();
    await page.getByRole('tab', { name: 'Preview' }).click();
    await expect(page.getByRole('tabpanel', { name: 'Preview' }).getByRole('heading').first()).toBeVisible();
  },
  'list of incidents': async (page) => {
    await page.keyboard.press('3');
    await expect(page.locator('[data-incident]')).toHaveCount(2);
  },
  incident: async (page) => {
    await page.locator('[data-incident]').first().focus();
    await page.keyboard.press('n');
    await page.keyboard.type('@10m call cox: no answer');
    await page.getByText('What can be typed').click();
    await expect(page.getByText('entered later', { exact: false }).first()).toBeVisible();
  },
  document: async (page) => {
    await editDocument(page);
    // Its third sentence is marked, and its evidence is shown.
    await page.locator('[data-read] [data-s]').nth(2).click();
    await expect(page.locator('[data-s][aria-pressed="true"]')).toHaveCount(1);
  },
  'document, only read': (page) => page.getByRole('button', { name: 'Preview', exact: true }).click(),
  'planned work': async (page) => {
    await page.keyboard.press('m');
    await expect(page.getByRole('region', { name: 'Changes', exact: true })).toContainText('security patches');
    await page
      .getByRole('region', { name: 'Coming' })
      .getByRole('button', { name: /^Power supply/ })
      .click();
    await expect(page.getByRole('region', { name: 'Details: Power supply' })).toBeVisible();
    await expect(
      page
        .getByRole('grid')
        .getByRole('button', { name: /weekly log rotation/ })
        .first(),
    ).toBeVisible();
  },
  uptime: async (page) => {
    await page.keyboard.press('u');
    await page.getByRole('button', { name: 'Today' }).click();
    await page.getByRole('button', { name: /^Switch 1: (show|hide) its checks/ }).click();
    await expect(page.getByRole('row').filter({ hasText: 'Switch 1' })).toBeVisible();
  },
  site: async (page) => {
    await page.keyboard.press('4');
    await expect(page.getByRole('region', { name: 'Servers', exact: true })).toContainText('database-primary');
  },
  link: async (page) => {
    await listed(page, 'Cox Communications');
    await expect(page.getByRole('heading', { level: 2, name: 'Cox Communications' })).toBeVisible();
  },
  host: async (page) => {
    await listed(page, 'San Diego');
    await page.getByRole('button', { name: /^database-primary/ }).click();
    await expect(page.getByRole('heading', { level: 2, name: /^database-primary/ })).toBeVisible();
  },
  DNS: async (page) => {
    await listed(page, 'DNS');
    await expect(page.getByRole('heading', { level: 2, name: 'DNS' })).toBeVisible();
  },
  settings: async (page) => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('heading', { name: 'Secrets' })).toBeVisible();
    await page.getByRole('button', { name: 'Test Chat of the night shift' }).click();
    await expect(page.getByText(/The test failed after/)).toBeVisible();
  },
};
/** Opens a form of the planned work, and has it say what is missing. */
const planned = (button: string, send: string) => async (page: Page) => {
  await page.keyboard.press('m');
  await page.getByRole('button', { name: button, exact: true }).click();
  await dialog(page).getByRole('button', { name: send, exact: true }).click();
  await expect(dialog(page).getByRole('alert').first()).toBeVisible();
};
/** Goes to the alert of a list: its card alone has its buttons. @returns the card */
async function turnTo(page: Page, list: string | RegExp): Promise<Locator> {
  await page.keyboard.press('1');
  const clear = page.getByRole('region', { name: 'Chosen alerts' }).getByRole('button', { name: 'Clear' });
  if ((await clear.count()) > 0) await clear.click();
  const card = inList(page, list);
  await card.getByText(/^since/).click();
  return card;
}
/** Dialogs, each from the place where it is opened. Each is closed by Esc. */
export const dialogs: Record<string, (page: Page) => Promise<unknown>> = {
  acknowledge: async (page) => {
    const card = await turnTo(page, /^Open/);
    await card.getByRole('button', { name: 'Acknowledge' }).click();
    await dialog(page).getByLabel('As part of an incident').selectOption('Open one');
    await dialog(page).getByLabel('Opens again by itself after').selectOption('custom');
    await dialog(page).getByRole('button', { name: 'Acknowledge' }).click();
  },
  'acknowledge several': async (page) => {
    await turnTo(page, /^Open/);
    for (const card of await cards(page).all()) await card.getByRole('checkbox').click();
    await page.keyboard.press('a');
    await expect(dialog(page)).toContainText('Acknowledge 2 alerts');
  },
  'take over': async (page) => {
    const card = await turnTo(page, /^Taken/);
    await card.getByRole('button', { name: 'Take over' }).click();
    await expect(dialog(page)).toContainText('Sam has this.');
  },
  'give back': async (page) => {
    const card = await turnTo(page, /^Taken/);
    await card.getByRole('button', { name: 'Give back' }).click();
  },
  silence: async (page) => {
    await turnTo(page, /^Open/);
    await page.keyboard.press('s');
    await dialog(page).getByRole('button', { name: 'Silence' }).click();
  },
  note: async (page) => {
    await page.keyboard.press('1');
    await page.keyboard.press('n');
  },
  find: async (page) => {
    await page.keyboard.press('/');
    await dialog(page).getByRole('combobox').fill('web1');
  },
  help: (page) => page.keyboard.press('?'),
  add: (page) => page.getByRole('button', { name: 'Add a server' }).click(),
  'plan work': planned('Plan work', 'Plan it'),
  'plan recurring work': async (page) => {
    await page.keyboard.press('m');
    await page.getByRole('button', { name: 'Plan work', exact: true }).click();
    await dialog(page)
      .getByRole('radio', { name: /^Recurring/ })
      .check();
  },
  postpone: planned('Postpone', 'Postpone'),
  'call off': planned('Call off', 'Call it off'),
  'open an incident': async (page) => {
    await page.keyboard.press('3');
    await page.keyboard.press('o');
    await dialog(page)
      .getByRole('radio', { name: /As I say/ })
      .check();
    await dialog(page).getByRole('button', { name: 'Open it' }).click();
    await expect(dialog(page).getByRole('alert').first()).toBeVisible();
  },
  'next step of an incident': async (page) => {
    await page.keyboard.press('3');
    await page.locator('[data-incident]').first().click();
    await page.getByRole('list', { name: 'Status' }).getByRole('button', { name: 'Resolved' }).click();
  },
  'merge incidents': (page) => page.getByRole('button', { name: 'Merge…' }).click(),
  'add alerts': (page) => page.getByRole('button', { name: 'Add alerts' }).click(),
  'what was owed': (page) => page.getByRole('button', { name: /^Received: RFO/ }).click(),
  'provider ticket': (page) => page.getByRole('button', { name: 'Ticket to a provider' }).click(),
  revisions: async (page) => {
    await editDocument(page);
    await page.getByRole('button', { name: 'Revisions' }).click();
    await expect(dialog(page)).toContainText('As it was drafted');
  },
  'export a document': (page) => page.getByRole('button', { name: 'Export…' }).click(),
  change: planned('Enter a change', 'Enter it'),
  'export a table': async (page) => {
    await page.keyboard.press('u');
    await page.getByRole('button', { name: 'Export CSV…' }).click();
  },
};
