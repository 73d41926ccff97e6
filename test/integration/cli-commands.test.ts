/** `nightdesk check`, `draft` and calls that cannot be: real processes, real servers. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensureBuilt } from '../../electron/setup/build.ts';
import { projectRoot } from '../../electron/setup/paths.ts';
import { verdictSchema } from '../../shared/model/words.ts';
import type { UptimeReport } from '../../shared/uptime/report.ts';
import { command, endCommands, startCommand } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';
import {
  freePort,
  type Nginx,
  passwordLine,
  removeFolder,
  type Scripted,
  scripted,
  startNginx,
  webFolder,
} from '../support/web-servers.ts';

const password = 'battery-staple-9';
let web: string;
let port: number;
let closedPort: number;
let nginx: Nginx;
let folder: string;
const servers: Scripted[] = [];

beforeAll(async () => {
  await ensureBuilt();
  folder = temporaryFolder('cli');
  web = webFolder();
  [port, closedPort] = [await freePort(), await freePort()];
  writeFileSync(join(web, 'passwords'), passwordLine('noc', password));
  nginx = await startNginx(
    web,
    `server { listen 127.0.0.1:${port};
  location / { return 200 "welcome"; }
  location /private { auth_basic "private"; auth_basic_user_file ${web}/passwords; try_files /none @in; }
  location @in { return 200 "you are in"; } }`,
    port,
  );
}, 180_000);
afterAll(async () => {
  endCommands();
  await nginx?.stop();
  await Promise.all(servers.map((server) => server.stop()));
  removeFolder(web);
  removeTemporaryFolders();
});

let files = 0;
const inventory = (text: string): string => {
  const file = join(folder, `inventory-${files++}.yaml`);
  writeFileSync(file, text);
  return file;
};
const good = () => `  - id: shop
    address: 127.0.0.1
    checks:
      - { type: http, url: "http://127.0.0.1:${port}/", contains: [welcome] }
      - { type: tcp, port: ${port} }
      - { type: icmp, packets: 1 }
`;
const lineSchema = z.strictObject({
  check: z.string(),
  type: z.string(),
  target: z.string(),
  vantage: z.literal('desk'),
  verdict: z.strictObject(verdictSchema.shape),
  observation: z.looseObject({ at: z.int(), durationMs: z.int() }),
});

describe('check --once', () => {
  it('ends with 0 when all is ok, a line for each check', async () => {
    const { code, stdout, stderr } = await command(['check', inventory(`hosts:\n${good()}`), '--once']);
    expect([code, stderr]).toEqual([0, '3 of 3 checks ok\n']);
    expect(stdout.trimEnd().split('\n').sort()).toEqual([
      expect.stringMatching(/^ok {8}shop\/http +http:\/\/127\.0\.0\.1:\d+\/ .*/),
      expect.stringMatching(/^ok {8}shop\/icmp +127\.0\.0\.1 .*/),
      expect.stringMatching(/^ok {8}shop\/tcp +127\.0\.0\.1 port \d+ .*/),
    ]);
  });

  it('ends with 1 when something is not, and says what; --json is one object a line and nothing else', async () => {
    const file = inventory(`hosts:\n${good()}      - { type: tcp, name: mail, port: ${closedPort} }\n`);
    const { code, stdout, stderr } = await command(['check', file, '--once', '--json']);
    expect([code, stderr]).toEqual([1, '']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => lineSchema.parse(JSON.parse(line)));
    expect(lines.map((line) => `${line.check} ${line.verdict.state} ${line.verdict.reason}`).sort()).toEqual([
      'shop/http ok ok',
      'shop/icmp ok ok',
      'shop/mail down refused',
      'shop/tcp ok ok',
    ]);
    const mail = lines.find((line) => line.check === 'shop/mail');
    expect(mail).toMatchObject({ type: 'tcp', target: `127.0.0.1 port ${closedPort}`, observation: { failure: { code: 'refused' } } });
    expect(Object.keys(JSON.parse(stdout.split('\n')[0] as string))).toEqual([
      'check',
      'type',
      'target',
      'vantage',
      'verdict',
      'observation',
    ]);
  });

  it('ends in time among servers that do not, and shows hostile text harmless', async () => {
    const serve = async (script: Parameters<typeof scripted>[0]) => {
      const server = await scripted(script);
      servers.push(server);
      return server.port;
    };
    const silent = await serve(() => {});
    const hostile = await serve((socket) => socket.write('220 \x1b[31mred\x1b]0;owned\x07 \u202Etxt\r\n'));
    const file = inventory(
      `defaults: { timeout: 1s }\nhosts:\n${good()}      - { type: http, name: silent, url: "http://127.0.0.1:${silent}/" }\n      - { type: tcp, name: hostile, port: ${hostile}, expect: SSH }\n`,
    );
    const startedAt = performance.now();
    const { code, stdout } = await command(['check', file, '--once']);
    expect(performance.now() - startedAt).toBeLessThan(6_000);
    expect(code).toBe(1);
    expect(stdout.trimEnd().split('\n')).toHaveLength(5);
    expect(stdout).toMatch(/^down {6}shop\/silent .*1(\.0)? s/m);
    expect(stdout).toMatch(/^degraded {2}shop\/hostile .*red/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });

  it('does not mind that nobody reads to the end', async () => {
    const file = inventory(`hosts:\n${good()}`);
    const { code, stdout, stderr } = await command(
      ['-c', `"$0" out/main/cli.js check "$1" --once --json | head -1`, process.execPath, file],
      { program: ['/bin/sh'] },
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toHaveLength(2);
  });

  it('reads a password from the environment and shows it nowhere', async () => {
    const file = inventory(
      `hosts:\n  - id: shop\n    address: 127.0.0.1\n    checks:\n      - { type: http, url: "http://127.0.0.1:${port}/private", contains: ["you are in"], auth: { basic: { user: noc, passwordSecret: shop-login } } }\n`,
    );
    const without = await command(['check', file, '--once', '--json']);
    expect(without.code).toBe(1);
    expect(JSON.parse(without.stdout)).toMatchObject({
      verdict: { state: 'unknown', reason: 'no-secret', text: expect.stringContaining('shop-login') },
    });
    const withIt = await command(['check', file, '--once', '--json'], { env: { NIGHTDESK_SECRET_SHOP_LOGIN: password } });
    expect([withIt.code, JSON.parse(withIt.stdout).verdict.state]).toEqual([0, 'ok']);
    const wrong = await command(['check', file, '--once', '--json'], { env: { NIGHTDESK_SECRET_SHOP_LOGIN: 'wrong-password-1' } });
    expect([wrong.code, JSON.parse(wrong.stdout).observation.status]).toEqual([1, 401]);
    for (const said of [withIt, wrong]) expect(said.stdout + said.stderr).not.toMatch(/battery-staple|wrong-password|Basic [A-Za-z0-9]/);
  });
});

describe('a server that echoes a secret', () => {
  it.each([
    ['as it is', password],
    ['in Base64', Buffer.from(`noc:${password}`).toString('base64')],
    ['in a URL', `https://x.test/?token=${password}&x=1`],
  ])('%s is not quoted', async (_, echoed) => {
    const server = await scripted((socket) => socket.write(`220 hello ${echoed} bye\r\n`));
    servers.push(server);
    const file = inventory(`hosts:\n  - { id: shop, address: 127.0.0.1, checks: [{ type: tcp, port: ${server.port}, expect: SSH }] }\n`);
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await command(['check', file, '--once', ...more], {
        env: { NIGHTDESK_SECRET_SHOP_LOGIN: password },
      });
      expect(code).toBe(1);
      expect(stdout).toContain('[secret]');
      expect(stdout + stderr).not.toContain(password);
      expect(stdout + stderr).not.toContain(echoed);
    }
  });
});

describe('an inventory that cannot be used', () => {
  const host = (more: string, head = '  - id: a\n    address: 192.0.2.1\n') => `hosts:\n${head}${more}`;
  it.each([
    [
      'an unknown check type',
      host('    checks:\n      - type: tpc\n'),
      5,
      /hosts\[0\] "a" › checks\[0\] › type: expected .*icmp.*did you mean tcp\?/,
    ],
    ['an id twice', `${host('')}  - id: a\n    address: 192.0.2.2\n`, 4, /"a".*expected an id of its own/],
    [
      'a circle',
      `services:\n  - { id: s1, name: S1, dependsOn: [s2] }\n  - { id: s2, name: S2, dependsOn: [s1] }\n`,
      3,
      /expected no circle .*s1 → s2 → s1/,
    ],
    [
      'a circle of parents',
      `hosts:\n  - { id: h1, address: 192.0.2.1, parents: [h2] }\n  - { id: h2, address: 192.0.2.2, parents: [h1] }\n`,
      3,
      /expected no circle .*h1 → h2 → h1/,
    ],
    [
      'an option in place of a host name',
      host('', '  - id: a\n    address: "-h"\n'),
      3,
      /address.*: expected an IP address or a host name/,
    ],
    [
      'a command in place of a host name',
      host('', '  - id: a\n    address: ";reboot"\n'),
      3,
      /address.*: expected an IP address or a host name/,
    ],
    [
      'an option as the address of a check',
      host('    checks:\n      - { type: icmp, address: "-h" }\n'),
      5,
      /address.*: expected an IP address or a host name/,
    ],
    ['broken YAML', 'hosts:\n  - id: a\n   address: [\n', 3, /expected .+/],
    ['something that is there twice', 'hosts: []\nhosts: []\n', 2, /expected each key once; "hosts"/],
    ['an unknown key', host('    adress: 192.0.2.1\n', '  - id: a\n'), 3, /did you mean address\?/],
  ])('%s', async (_what, text, line, words) => {
    const file = inventory(text);
    for (const args of [
      ['check', file, '--once'],
      ['run', file, '--data', join(folder, 'never')],
    ]) {
      const { code, stdout, stderr } = await command(args);
      expect([code, stdout]).toEqual([2, '']);
      const lines = stderr.trimEnd().split('\n');
      for (const said of lines) expect(said.startsWith(`${file}:`)).toBe(true);
      const wanted = lines.filter((said) => said.startsWith(`${file}:${line}:`));
      expect(wanted.join('\n')).toMatch(words);
      expect(wanted[0]?.slice(file.length)).toMatch(/^:\d+:\d+: (.+: )?expected /);
    }
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  it('is missing, is a folder, or is no text', async () => {
    const missing = join(folder, 'nowhere.yaml');
    const binary = join(folder, 'binary.yaml');
    writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00, 0x80]));
    const said = await Promise.all([missing, folder, binary].map((file) => command(['check', file, '--once'])));
    expect(said.map(({ code, stderr }) => [code, stderr])).toEqual([
      [2, `${missing}:1:1: expected an inventory file; there is no ${missing}\n`],
      [2, `${folder}:1:1: expected a file; ${folder} is a folder\n`],
      [2, expect.stringContaining(`${binary}:1:1: expected text in UTF-8`)],
    ]);
  });
});

describe('the call itself', () => {
  it.each([[['--help']], [['-h']], [['check', '--help']], [['draft', '--help']], [[]]])('%j shows help', async (args) => {
    const { code, stdout, stderr } = await command(args);
    expect([code, stderr]).toEqual([0, '']);
    for (const word of [
      'check INVENTORY.yaml --once',
      'run INVENTORY.yaml --data DIR',
      'draft --data DIR (--incident ID | --window ID | --from ISO --to ISO) --out DIR',
      'uptime --data DIR',
      'changes FILE --data DIR --by NAME',
      'Exit code',
    ])
      expect(stdout).toContain(word);
  });

  it.each([
    [['chekc'], 'there is no command "chekc"'],
    [['check'], 'check wants one inventory file'],
    [['check', 'a.yaml'], '--once'],
    [['check', 'a.yaml', 'b.yaml', '--once'], 'one inventory file'],
    [['check', 'a.yaml', '--twice'], '--twice'],
    [['run', 'a.yaml'], '--data DIR'],
    [['draft', '--data', '.'], '--from'],
    [['uptime'], '--data DIR'],
    [['changes', 'a.csv', '--data', '.'], '--by NAME'],
    [['\u001b[31mred'], 'there is no command'],
  ])('%j is a mistake that is named', async (args, words) => {
    const { code, stdout, stderr } = await command(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr).toContain('--help');
    expect(stderr).not.toContain('\u001b');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('comes through npm with its lines and its exit code', { timeout: 120_000 }, async () => {
    const file = inventory(`hosts:\n${good()}`);
    const npm = (args: string[]) => command(['run', '-s', 'nightdesk', '--', ...args], { program: ['npm'], cwd: projectRoot });
    const fine = await npm(['check', file, '--once', '--json']);
    expect(fine.code).toBe(0);
    expect(
      fine.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).verdict.state),
    ).toEqual(['ok', 'ok', 'ok']);
    expect((await npm(['check', inventory('hosts: 1'), '--once'])).code).toBe(2);
    expect((await npm(['--help'])).stdout).toContain('nightdesk check INVENTORY.yaml');
  });
});

describe('draft', () => {
  let data: string;
  let from: string;
  let to: string;
  beforeAll(async () => {
    data = join(folder, 'story');
    from = new Date(Date.now() - 60_000).toISOString();
    const file = inventory(
      `organization: { name: Example Hosting, timezone: Europe/Berlin }\ndefaults: { interval: 1s, retryInterval: 1s, timeout: 500ms, maxAttempts: 2 }\nhosts:\n  - { id: shop, name: The shop, address: 127.0.0.1, checks: [{ type: tcp, port: ${closedPort} }, { type: http, url: "http://127.0.0.1:${port}/private", auth: { basic: { user: noc, passwordSecret: shop-login } } }] }\n`,
    );
    const engine = startCommand(['run', file, '--data', data], { env: { NIGHTDESK_SECRET_SHOP_LOGIN: password } });
    await engine.event('alert-raised');
    engine.child.kill('SIGTERM');
    expect((await engine.ended).code).toBe(0);
    to = new Date(Date.now() + 1_000).toISOString();
  }, 60_000);

  it('writes Markdown and HTML and says where', async () => {
    const out = join(folder, 'drafts', 'tonight');
    const { code, stdout, stderr } = await command(['draft', '--data', data, '--from', from, '--to', to, '--out', out]);
    expect([code, stderr]).toEqual([0, '']);
    const names = readdirSync(out).sort();
    expect(names).toEqual([expect.stringMatching(/\.html$/), expect.stringMatching(/\.md$/)]);
    expect(stdout.trimEnd().split('\n').sort()).toEqual(names.map((name) => join(out, name)));
    const [html, markdown] = names.map((name) => readFileSync(join(out, name), 'utf8')) as [string, string];
    expect(markdown).toContain('The shop');
    // The zone of the organization, as none was asked for.
    expect(markdown).toMatch(/UTC[+][12]/);
    expect(html).toMatch(/^<!doctype html>/i);
    for (const text of [html, markdown]) expect(text).not.toContain(password);
  });

  it('reads beside a running engine', async () => {
    const file = inventory(`hosts:\n${good()}`);
    const engine = startCommand(['run', file, '--data', data]);
    await engine.event('engine-started');
    const out = join(folder, 'beside');
    const { code } = await command(['draft', '--data', data, '--from', from, '--to', to, '--out', out, '--zone', 'UTC']);
    expect(code).toBe(0);
    const uptime = await command(['uptime', '--data', data, '--json']);
    expect([uptime.code, uptime.stderr]).toEqual([0, '']);
    const { lines } = JSON.parse(uptime.stdout) as UptimeReport;
    expect(lines.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['host shop', 'check shop/http', 'check shop/tcp', 'check shop/icmp']);
    const list = join(folder, 'changes.csv');
    writeFileSync(list, `at,subject,text\n${to},shop,new paint\n`);
    expect((await command(['changes', list, '--data', data, '--by', 'Ada'])).stderr).toContain('Nightdesk is running on this data folder');
    engine.child.kill('SIGINT');
    expect((await engine.ended).code).toBe(0);
  });

  it.each([
    ['a bad --from', { from: 'yesterday' }, '--from: expected an ISO time'],
    ['a bad --to', { to: '2026-13-01T00:00' }, '--to: expected an ISO time'],
    ['a bad --zone', { zone: 'Europe/Nowhere' }, '--zone: expected an IANA time zone'],
    ['an end before its beginning', { from: '2026-06-16T08:00', to: '2026-06-16T03:00' }, 'end of the stretch must come after'],
    ['no such data folder', { data: '/nonexistent/data' }, ''],
  ])('%s is named', async (_what, change, words) => {
    const all = { data, from, to, out: join(folder, 'none'), ...change } as Record<string, string>;
    const { code, stdout, stderr } = await command(['draft', ...Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^nightdesk: .+\n$/);
    expect(stderr).toContain(words);
    expect(existsSync(all.out as string)).toBe(false);
  });

  it('does not make up a store where there is none, and says so where it cannot write', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const none = await command(['draft', '--data', empty, '--from', from, '--to', to, '--out', join(folder, 'none')]);
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/^nightdesk: .+\n$/);
    expect(readdirSync(empty)).toEqual([]);
    const inTheWay = join(folder, 'a-file');
    writeFileSync(inTheWay, '');
    const blocked = await command(['draft', '--data', data, '--from', from, '--to', to, '--out', join(inTheWay, 'x')]);
    expect([blocked.code, blocked.stderr]).toEqual([2, expect.stringMatching(/^nightdesk: --out: nothing can be written to .+\n$/)]);
  });
});

describe('secrets.json', () => {
  const setUp = (mode: number, content: string) => {
    const data = temporaryFolder('secrets');
    writeFileSync(join(data, 'secrets.json'), content);
    chmodSync(join(data, 'secrets.json'), mode);
    const file = inventory(
      `defaults: { interval: 1s, timeout: 900ms }\nhosts:\n  - id: shop\n    address: 127.0.0.1\n    checks:\n      - { type: http, url: "http://127.0.0.1:${port}/private", contains: ["you are in"], auth: { basic: { user: noc, passwordSecret: shop-login } } }\n`,
    );
    return { data, file };
  };

  it('of one’s own is used, and stands in no event, nor in the data folder', async () => {
    const { data, file } = setUp(0o600, JSON.stringify({ 'shop-login': password }));
    const engine = startCommand(['run', file, '--data', data]);
    await engine.event('engine-started');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    engine.child.kill('SIGTERM');
    const { code, stdout, stderr } = await engine.ended;
    expect(code).toBe(0);
    expect(stdout).not.toContain('"alert-raised"');
    expect(stdout).not.toContain('"soft"');
    const kept = readdirSync(data)
      .filter((name) => name !== 'secrets.json')
      .map((name) => readFileSync(join(data, name), 'latin1'));
    for (const text of [stdout, stderr, ...kept]) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(Buffer.from(`noc:${password}`).toString('base64'));
    }
  });

  it.each([
    ['that others can read', 0o644, JSON.stringify({ 'shop-login': password }), 'chmod 600'],
    ['that is no JSON', 0o600, `shop-login: ${password}`, 'not a JSON object'],
    ['that holds other things', 0o600, JSON.stringify({ 'shop-login': { password } }), 'not a JSON object'],
  ])('%s is refused, and not quoted', async (_what, mode, content, words) => {
    const { data, file } = setUp(mode, content);
    const { code, stdout, stderr } = await command(['run', file, '--data', data]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain(password);
  });
});
