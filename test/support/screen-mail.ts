/** The mail stack of the pictures: real Postfix and Dovecot, names and addresses of documentation. */
import { type MailStack, startMailStack } from './mail-stack.ts';

export interface MailPictures {
  stack: MailStack;
  inventory: string;
  secrets: Record<string, string>;
}

export async function startMail(after: (undo: () => unknown) => void): Promise<MailPictures> {
  const stack = await startMailStack();
  after(() => stack.stop());
  const { ports, mailbox, caFile, configDir, serverName } = stack;
  const at = (more: object) => ({ address: '127.0.0.1', serverName, ...more });
  const inventory = {
    organization: { name: 'Harbor Hosting', timezone: 'America/Los_Angeles' },
    defaults: { interval: '2s', retryInterval: '1s', maxAttempts: 2, timeout: '5s' },
    sites: [{ id: 'sd', name: 'San Diego' }],
    mail: [
      {
        id: 'mail',
        domain: 'example.net',
        site: 'sd',
        servers: {
          mx: at({ port: ports.smtp }),
          submission: at({ starttls: ports.submission, tls: ports.submissions }),
          imap: at({ starttls: ports.imap, tls: ports.imaps }),
          pop3: at({ starttls: ports.pop3, tls: ports.pop3s }),
        },
        mailbox: { address: mailbox.address, passwordSecret: 'mail-probe' },
        caFile,
        queue: { source: 'local', configDir, interval: '3s' },
        roundtrip: { interval: '5s' },
        records: false,
        adjust: Object.fromEntries(
          ['smtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'].map((name) => [name, { interval: '2s' }]),
        ),
      },
    ],
  };
  return { stack, inventory: JSON.stringify(inventory, null, 1), secrets: { 'mail-probe': mailbox.password } };
}
