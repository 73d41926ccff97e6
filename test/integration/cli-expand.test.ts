/** `nightdesk expand`: a real process; and a mail stack that is watched as it was written out. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ensureBuilt } from '../../electron/setup/build.ts';
import { command, endCommands } from '../support/cli.ts';
import { type MailStack, startMailStack } from '../support/mail-stack.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

let folder: string;
let stack: MailStack;
beforeAll(async () => {
  await ensureBuilt();
  folder = temporaryFolder('expand');
  stack = await startMailStack();
}, 180_000);
afterAll(async () => {
  endCommands();
  await stack?.stop();
  removeTemporaryFolders();
});

let files = 0;
const fileOf = (text: string): string => {
  const file = join(folder, `inventory-${files++}.yaml`);
  writeFileSync(file, text);
  return file;
};

/** The whole stack at the ports of the test. */
const inventory = (more = ''): string => {
  const { ports, caFile, mailbox } = stack;
  return `mail:
  - id: mail-example
    domain: example.net
    servers:
      address: 127.0.0.1
      serverName: ${stack.serverName}
      mx: { address: 127.0.0.1, serverName: ${stack.serverName}, port: ${ports.smtp} }
      submission: { starttls: ${ports.submission}, tls: ${ports.submissions} }
      imap: { starttls: ${ports.imap}, tls: ${ports.imaps} }
      pop3: { starttls: ${ports.pop3}, tls: ${ports.pop3s} }
      sieve: { address: 127.0.0.1, serverName: ${stack.serverName}, port: ${ports.sieve} }
    mailbox: { address: ${mailbox.address}, user: ${mailbox.user}, passwordSecret: mail-probe }
    caFile: ${caFile}
    records: false
    queue: { source: local, configDir: ${stack.configDir} }
    adjust: { smtp: { relayTo: stranger@example.com } }
${more}`;
};
const env = () => ({ NIGHTDESK_SECRET_MAIL_PROBE: stack.mailbox.password });
const names = ['smtp', 'submission', 'submissions', 'queue', 'roundtrip', 'imap', 'imaps', 'pop3', 'pop3s', 'sieve'];

interface Expanded {
  mail: { id: string; checks: { leg: string; type: string; name: string; interval: string; passwordSecret?: string }[] }[];
}

describe('expand', () => {
  it('prints every check with every setting as YAML, and what there is in all beside it', async () => {
    const { code, stdout, stderr } = await command(['expand', fileOf(inventory())], { env: env() });
    expect([code, stderr]).toEqual([0, '10 checks, 9 a minute\n']);
    const [mail] = (parse(stdout) as Expanded).mail;
    expect(mail?.id).toBe('mail-example');
    expect(mail?.checks.map((it) => it.name)).toEqual(names);
    expect(mail?.checks.find((it) => it.name === 'imaps')).toMatchObject({
      leg: 'reading',
      type: 'imap',
      interval: '1m',
      timeout: '35s',
      port: stack.ports.imaps,
      encryption: 'tls',
      serverName: stack.serverName,
      expiresDegraded: '14d',
      passwordSecret: 'mail-probe',
    });
    expect(stdout).not.toContain(stack.mailbox.password);
  });

  it('prints the same as one JSON object', async () => {
    const file = fileOf(inventory());
    const [yaml, json] = await Promise.all([command(['expand', file]), command(['expand', file, '--json'])]);
    expect(json.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(json.stdout)).toEqual(parse(yaml.stdout));
  });

  it('what it prints is an inventory that finds the same', async () => {
    const file = fileOf(inventory());
    const written = fileOf((await command(['expand', file])).stdout);
    const look = async (of: string) => {
      const { code, stdout, stderr } = await command(['check', of, '--once', '--json'], { env: env() });
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { check: string; verdict: { state: string; text: string } });
      const bad = lines.filter((it) => it.verdict.state !== 'ok').map((it) => `${it.check}: ${it.verdict.text}`);
      return { code, stderr, bad, checks: lines.map((it) => it.check).sort() };
    };
    expect(await look(file)).toMatchObject({ code: 0, bad: [], checks: expect.objectContaining({ length: names.length }) });
    expect(await look(written)).toEqual(await look(file));
  }, 60_000);

  it('ends with 2 and names the place of a mistake', async () => {
    const file = fileOf(inventory('    without: [pop4]\n'));
    const { code, stdout, stderr } = await command(['expand', file]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /:17:15: mail\[0\] "mail-example" › without\[0\]: expected the name of an expanded check; "pop4" is none, they are smtp, /,
    );
  });

  it.each([
    ['no file', ['expand'], 'expand wants one inventory file'],
    ['two files', ['expand', 'a', 'b'], 'expand wants one inventory file'],
    ['an unknown option', ['expand', 'a', '--all'], "Unknown option '--all'"],
  ])('%s is a misuse that says what is wanted', async (_what, args, words) => {
    const { code, stderr } = await command(args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
