import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askEngine } from '../support/app.ts';
import { startTcp } from '../support/servers.ts';
import { cards, dialog, expect, fast, lines, stands, test } from './desk.ts';

interface Heard {
  title: string;
  kind: string;
  text: string;
}

/** A receiver of webhooks that keeps what it is sent, and says what the test wants. */
async function startReceiver(): Promise<{ port: number; heard: Heard[]; answer: { status: number; text: string }; stop(): Promise<void> }> {
  const heard: Heard[] = [];
  const answer = { status: 200, text: 'thank you' };
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (answer.status === 200) heard.push(JSON.parse(body));
    // Some servers say in their replies how they were called.
    response.writeHead(answer.status).end(`${answer.text} ${request.url}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    answer,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const token = 'T0ken-of-the-hook-77';

test('an alert is told over a channel whose address is a secret, and so is its recovery', async ({ start, after }) => {
  const receiver = await startReceiver();
  after(() => receiver.stop());
  let server = await startTcp((socket) => void socket.write('SSH-2.0-Test\r\n'));
  after(() => server.stop());
  const { port } = server;
  const { page } = await start({
    settings: { author: 'Kim', welcomeDone: true },
    inventory: `${fast}
hosts:
  - { id: web1, address: 127.0.0.1, checks: [{ type: tcp, name: ssh, port: ${port}, expect: SSH- }] }
notify:
  channels: [{ id: hook, name: Our hook, type: webhook, url: hook-address }]
  people: [{ id: alex, name: Alex Doe, phone: "+49 30 555 0100", channels: [hook] }, { id: sam, name: Sam Roe, phone: "+49 30 555 0100", channels: [hook] }]
  rotas: [{ id: night, name: Night, rotation: { people: [alex, sam], since: "2026-01-01T00:00:00Z" } }]
  routes: [{ id: all, to: [hook], wait: 0s, interval: 1s }]
`,
  });
  await stands(page, 'web1', 'ok');
  await expect(page.getByRole('region', { name: 'On call' })).toContainText(/On call: (Alex Doe|Sam Roe) until .*\+49 30 555 0100/);
  await page.getByRole('button', { name: 'Settings' }).click();
  const told = page.getByRole('region', { name: 'Who is told' });
  const channel = told.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Test Our hook' }) });
  const tryIt = () => told.getByRole('button', { name: 'Test Our hook' }).click();
  await expect(told).toContainText(/(Alex Doe|Sam Roe) until .* · \+49 30 555 0100/);
  await expect(channel).toContainText('Nobody was told over it yet');

  await test.step('without its secret the test names what is missing', async () => {
    await tryIt();
    await expect(channel).toContainText(/The test failed after .*hook-address/);
  });

  const keep = async (value: string): Promise<void> => {
    const anew = page.getByRole('button', { name: 'Set anew: hook-address' });
    if ((await anew.count()) > 0) await anew.click();
    else {
      await page.getByRole('button', { name: 'Add a secret' }).click();
      await dialog(page).getByLabel('Name').fill('hook-address');
    }
    await dialog(page).getByLabel('Value').fill(value);
    await dialog(page).getByRole('button', { name: 'Keep it' }).click();
    await expect(dialog(page)).toHaveCount(0);
  };

  await test.step('set in the window, the test shows what the other side really said', async () => {
    await keep(`http://127.0.0.1:${receiver.port}/hooks/${token}`);
    await tryIt();
    await expect(channel).toContainText(/The other side took it, after \d.*HTTP 200 thank you/);
    expect(receiver.heard).toEqual([expect.objectContaining({ kind: 'test', title: expect.stringContaining('Test from Nightdesk') })]);
  });

  await test.step('a receiver that fails is shown in its own words', async () => {
    Object.assign(receiver.answer, { status: 503, text: 'we are full' });
    await tryIt();
    await expect(channel).toContainText(/The test failed after .*HTTP 503 we are full/);
    Object.assign(receiver.answer, { status: 200, text: 'thank you' });
  });

  await test.step('the alert is told, and its recovery', async () => {
    receiver.heard.length = 0;
    await server.stop();
    await expect.poll(() => receiver.heard.map((it) => it.kind), { timeout: 20_000 }).toEqual(['problem']);
    expect(receiver.heard[0]).toMatchObject({ title: 'web1 is down', text: expect.stringContaining('connection refused') });
    await expect(channel).toContainText(/Last told today/);
    server = await startTcp((socket) => void socket.write('SSH-2.0-Test\r\n'), '127.0.0.1', port);
    await expect.poll(() => receiver.heard.map((it) => it.kind), { timeout: 20_000 }).toEqual(['problem', 'recovery']);
    expect(receiver.heard[1]?.title).toBe('Recovered: web1 is down');
  });

  await test.step('a channel that fails is on screen, and on the timeline', async () => {
    Object.assign(receiver.answer, { status: 500, text: 'out of order' });
    await server.stop();
    await expect(channel).toContainText(/Fails since today .*HTTP 500 out of order.*It is tried again/, { timeout: 20_000 });
    await page.keyboard.press('1');
    await expect(cards(page)).toHaveCount(1);
    await expect(lines(page)).toContainText(/hook did not take “web1 is down”: .*HTTP 500 out of order/);
  });

  await test.step('nowhere is the address to be seen', async () => {
    for (const go of ['1', '2', 'Settings']) {
      if (go.length === 1) await page.keyboard.press(go);
      else await page.getByRole('button', { name: go }).click();
      expect(await page.content()).not.toContain(token);
    }
    const everything = JSON.stringify([
      await askEngine(page, 'snapshot'),
      await askEngine(page, 'events', { before: null, limit: 1_000, kinds: null, subjects: null, text: null, from: null, to: null }),
    ]);
    expect(everything).toContain('out of order');
    expect(everything).not.toContain(token);
  });
});
