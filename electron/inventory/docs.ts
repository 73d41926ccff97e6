/** Documentation made from schemas. Of the inventory: docs/inventory.md for people, docs/inventory.schema.json for editors. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { checks } from '../../shared/checks/index.ts';
import { exportedJsonSchema } from '../../shared/documents/exported-json.ts';
import { inventorySchema } from '../../shared/model/inventory.ts';
import { durationPattern, writeDuration } from '../../shared/time.ts';
import { factsMarkdown } from './docs-facts.ts';

type Json = z.core.JSONSchema.JSONSchema;

/** The JSON Schema for editors, of what people write (durations are text). */
export function inventoryJsonSchema(): Json {
  return z.toJSONSchema(inventorySchema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      // Defaults stand in the schema as what comes out of it: milliseconds. People write "30s".
      const { type, defaultValue } = zodSchema._zod.def as { type: string; defaultValue?: unknown };
      if (type === 'default' && typeof defaultValue === 'number' && jsonSchema.pattern === durationPattern.source)
        jsonSchema.default = writeDuration(defaultValue);
    },
  }) as Json;
}

/** A small provider, complete; a test holds it against the schema. */
export const exampleInventory = `# yaml-language-server: $schema=./inventory.schema.json
organization:
  name: Example Hosting
  timezone: America/Los_Angeles

defaults:
  interval: 30s # every check, unless it says otherwise

desk:
  anchors: # how Nightdesk knows that it is connected itself: while all of these fail, nothing else is called down
    - type: icmp
      name: gateway
      address: default-gateway
    - type: icmp
      name: far-host
      address: 192.0.2.1 # somewhere far away that you may ping

sites:
  - id: sd
    name: San Diego
    contacts:
      - name: Remote hands
        phone: "+1 555 0100"

links:
  - id: upstream-one
    site: sd
    provider: Upstream One
    circuit: UO-4711
    gateway: 198.51.100.1 # pinged as "upstream-one/gateway"
  - id: upstream-two
    site: sd
    provider: Upstream Two
    gateway: 198.51.100.5

prefixes:
  - id: customers
    cidr: 203.0.113.0/24
    site: sd
    via: [upstream-one, upstream-two] # gone only when both are
    representatives: [203.0.113.1] # pinged

hosts:
  - id: web1
    name: Web server 1
    site: sd
    address: 203.0.113.10
    parents: [customers] # when the prefix is gone, web1 is unreachable, not down
    checks:
      - type: icmp
      - type: tcp
        name: ssh
        port: 22
        expect: SSH-
      - type: http
        url: https://www.example.net/ # asked of 203.0.113.10, by this name
        contains: [Welcome]
  - id: db1
    site: sd
    address: 203.0.113.21
    parents: [customers]
    checks: [{ type: tcp, port: 3306 }]
  - id: db2
    site: sd
    address: 203.0.113.22
    parents: [customers]
    checks: [{ type: tcp, port: 3306 }]

services:
  - id: web
    name: web sites
    audience: your web site
    hosts: [web1] # stands as its hosts stand
    dependsOn: [[db1, db2]] # a redundancy group: one of the two is enough

mail:
  - id: mail
    domain: example.net
    dependsOn: [customers]
    servers: mail.example.net # expands into the checks of the whole stack: see docs/mail.md, and "nightdesk expand"
    mailbox:
      address: nightdesk@example.net # for Nightdesk alone: a message goes round every 5 min
      passwordSecret: mail-probe # the name of a secret
    outbound: [203.0.113.25] # looked up in reverse DNS, SPF and blocklists
    webmail: https://webmail.example.net/
    without: [pop3, pop3s] # not offered here
    adjust:
      imaps: { slowDegraded: 5s } # any setting of one of its checks
  - id: mail-lists # without "servers" it has the checks that are written here, and no others
    domain: lists.example.net
    checks:
      - { type: smtp, address: lists.example.net }

maintenance: # more can be planned in the window
  - id: patch-night
    name: Patches of the web servers
    schedule: "0 23 * * 2#2" # second Tuesday of the month, 23:00
    duration: 90m
    affects: [web1]
    spares: [mail]

routines:
  - id: log-rotation
    name: weekly log rotation
    schedule: "0 4 * * 0" # Sunday 04:00
    usually: 2m # web1 not back by then: an alert that names the routine
    restarts: [web1]

notify: # all of it: docs/notifications.md
  channels:
    - id: chat
      type: slack
      url: slack-hook # the name of a secret, which holds the URL
  routes:
    - id: all
      to: [chat]
`;

const intro = `# The inventory

<!-- Made from shared/model/inventory.ts and shared/checks/ by "npm run docs". Do not edit by hand. -->

One YAML file says what Nightdesk watches. Keep it in git; edit it with any editor, or add servers and sites in the window, which
leaves your comments and your order as they are. Nightdesk notices a change by itself.

A mistake never stops the watch: the last good version stays in force, and the window shows file, line, column and what was expected.
\`npm run -s nightdesk -- check inventory.yaml --once\` tells the same on the command line and runs every check once.

- **Ids** are yours to choose: lower-case letters, digits, dot, dash, underscore. They are unique in the whole file and key all
  history: change the name as you like, but keep the id.
- **Durations** are written with their unit: \`250ms\`, \`30s\`, \`5m\`, \`2h\`, \`7d\`.
- **Addresses** are IP addresses or host names. A check without one goes to the address of the host, link or mail entry around it;
  of a service or mail entry that has none, to that of its only host. A check with a \`url\` goes to the host that it stands on, by
  the name in the URL; on a service it goes where the URL leads, as your customers do.
- A check is known as \`<id>/<name>\`, such as \`web1/icmp\`; its name is its type unless it has another.
- A **mail entry** that names its servers expands into the checks of the whole mail stack: [mail](mail.md). \`npm run -s nightdesk -- expand inventory.yaml\` prints an
  inventory with every check and every setting that it stands for.
- A key with nothing after it counts as left out. Unknown keys are mistakes, so that a typing error is found and not ignored.
- YAML anchors, aliases and merges (\`&name\`, \`*name\`, \`<<\`) work.
- Passwords and webhook URLs never stand here: a check or a channel names a secret, which is kept in the secret store.

Editors that know YAML schemas complete and check while you type, with this as the first line:
\`# yaml-language-server: $schema=./inventory.schema.json\` (path or URL of docs/inventory.schema.json).

## Example

`;

/** Text of docs/inventory.md. */
export function inventoryMarkdown(): string {
  const schema = inventoryJsonSchema();
  const parts = [`${intro}\`\`\`yaml\n${exampleInventory}\`\`\`\n`];
  for (const [key, section] of Object.entries(schema.properties ?? {})) {
    const it = section as Json;
    const item = it.type === 'array' ? resolve(it.items as Json, schema) : it;
    parts.push(`## ${key}\n\n${it.description ?? ''}.${it.type === 'array' ? ' A list; each item has:' : ''}\n\n${table(item, schema)}`);
  }
  const { check, contact } = schema.$defs as Record<'check' | 'contact', Json>;
  parts.push(`## Contacts\n\n${table(contact, schema)}`);
  const options = check.oneOf as Json[];
  const [any] = options;
  parts.push(
    `## Checks\n\nEvery check has a \`type\`, and may have:\n\n${table(
      pick(any as Json, (key) => common.includes(key) && key !== 'type'),
      schema,
    )}`,
  );
  for (const option of options) {
    const { type: named } = option.properties as { type: Json };
    const type = named.const as keyof typeof checks;
    const own = pick(option, (key) => !common.includes(key));
    parts.push(`### ${type}: ${checks[type].title}\n\n${checks[type].summary.replace(/\.?$/, '.')}\n\n${table(own, schema)}`);
  }
  return `${parts.join('\n')}`;
}
const common = ['type', 'name', 'interval', 'retryInterval', 'maxAttempts', 'timeout', 'leg', 'host'];

const pick = (it: Json, keep: (key: string) => boolean): Json => ({
  ...it,
  properties: Object.fromEntries(Object.entries(it.properties ?? {}).filter(([key]) => keep(key))),
});

function table(it: Json, root: Json): string {
  const rows = rowsOf(it, root, '');
  return `| Key | Type | Default | Meaning |\n|---|---|---|---|\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
}

/** One row per key; keys of a group within follow it as "group.key". */
function rowsOf(it: Json, root: Json, before: string): string[][] {
  return Object.entries(it.properties ?? {}).flatMap(([key, schema]) => {
    const property = schema as Json;
    const required = it.required?.includes(key) ?? false;
    const inner = groupIn(resolve(property, root), root);
    const row = [
      `\`${before}${key}\``,
      cell(typeOf(property, root)),
      required ? '**required**' : defaultOf(property),
      cell(property.description ?? ''),
    ];
    return [row, ...(inner?.properties ? rowsOf(inner, root, `${before}${key}.`) : [])];
  });
}

/** The group that a value can be: itself, or one of its options. */
function groupIn(it: Json, root: Json): Json | undefined {
  if (it.type === 'object') return it;
  const options = ((it.anyOf ?? []) as Json[]).map((option) => resolve(option, root));
  return options.find((option) => option.type === 'object');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const resolve = (it: Json, root: Json): Json => (it.$ref ? (root.$defs?.[it.$ref.replace('#/$defs/', '')] as Json) : it);

function defaultOf({ default: value }: Json): string {
  if (value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function typeOf(it: Json, root: Json): string {
  if (it.$ref) return it.$ref.replace('#/$defs/', '');
  if (it.const !== undefined) return `\`${it.const}\``;
  if (it.enum) return it.enum.map((value) => `\`${value}\``).join(', ');
  const options = (it.anyOf ?? it.oneOf) as Json[] | undefined;
  if (options) {
    const isAddress = options.some((option) => option.format === 'hostname');
    const words = [...new Set(options.map((option) => (isAddress && isNameOrIp(option) ? 'address' : typeOf(option, root))))];
    return words.every((word) => word.startsWith('`')) ? words.join(', ') : words.join(' or ');
  }
  switch (it.type) {
    case 'array':
      return `list of ${typeOf(it.items as Json, root)}`;
    case 'object':
      return (it.additionalProperties as Json | undefined)?.type === 'string' ? 'group of texts' : 'group';
    case 'string':
      if (it.pattern === durationPattern.source) return 'duration';
      if (it.pattern?.startsWith('^[a-z0-9][a-z0-9._-]')) return 'id';
      return names[it.format ?? ''] ?? 'text';
    case 'integer':
    case 'number': {
      const { minimum, maximum } = it;
      const range =
        minimum !== undefined && maximum !== undefined && Math.abs(maximum) < Number.MAX_SAFE_INTEGER ? ` ${minimum} to ${maximum}` : '';
      return `${it.type === 'integer' ? 'whole number' : 'number'}${range}`;
    }
    case 'boolean':
      return '`true`, `false`';
    default:
      return it.type === 'null' ? '`null`' : 'any';
  }
}
const isNameOrIp = ({ format }: Json): boolean => format === 'hostname' || format === 'ipv4' || format === 'ipv6';

const names: Record<string, string> = {
  ipv4: 'IP address',
  ipv6: 'IP address',
  cidrv4: 'prefix',
  cidrv6: 'prefix',
  hostname: 'host name',
  email: 'e-mail address',
  uri: 'URL',
  'date-time': 'time with offset',
};

/** What the files hold, by their path below the project. */
export const docFiles = (): Record<string, string> => ({
  'docs/document.schema.json': `${JSON.stringify(z.toJSONSchema(exportedJsonSchema), null, 2)}\n`,
  'docs/facts.md': factsMarkdown(),
  'docs/inventory.md': inventoryMarkdown(),
  'docs/inventory.schema.json': `${JSON.stringify(inventoryJsonSchema(), null, 2)}\n`,
});

/** Writes the files below the project's folder. */
export async function writeDocs(root: string): Promise<void> {
  await mkdir(join(root, 'docs'), { recursive: true });
  for (const [path, text] of Object.entries(docFiles())) await writeFile(join(root, path), text);
}
