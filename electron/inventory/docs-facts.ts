/** Documentation of `facts.json`, made from its schema: docs/facts.md. */
import { z } from 'zod';
import { reportFactsSchema } from '../../shared/incident/report-facts.ts';

type Json = z.core.JSONSchema.JSONSchema;

const intro = `# The facts of a report

<!-- Made from shared/incident/report/ by "npm run docs". Do not edit by hand. -->

Every draft is made of the same facts, and \`facts.json\` holds them: what checks saw, and what people typed; nothing else. Nothing in
it is a guess. What the desk cannot know stands in \`open\`.

- Times are epoch milliseconds, UTC; \`zone\` says in which zone people read them. Durations are milliseconds.
- \`evidence\` holds the keys of what a fact rests on: ids of lines of the timeline, or \`alert:\`, \`window:\`, \`incident:\`,
  \`coverage:\`, \`unwatched:\`, \`routine:\`, \`backup:\` and \`uptime:\` with what they name.
- Texts that servers sent or people typed are cleaned: one line each, without control characters, and bounded. They are still somebody
  else's words.
- A thing has \`id\`, \`kind\`, \`name\` (within the house), \`audience\` (what customers call it) and \`site\` wherever it stands.

`;

/** Told once at the top, and the same everywhere. */
const told: ReadonlySet<string> = new Set(['evidence', 'id', 'kind', 'name', 'audience', 'site']);

/** Text of docs/facts.md. */
export function factsMarkdown(): string {
  const schema = z.toJSONSchema(reportFactsSchema) as Json;
  const all = Object.entries(schema.properties ?? {}) as [string, Json][];
  const isPlain = ([, it]: [string, Json]): boolean => fieldsOf(it) === null;
  const plain = all.filter(isPlain).map(([key, it]) => row(key, it));
  const groups = all
    .filter((it) => !isPlain(it))
    .map(([key, it]) => {
      const about = it.description ? `${it.description}.\n\n` : '';
      return `## ${key}\n\n${about}${kindOf(it)}.\n\n${table(rowsOf(it, ''))}`;
    });
  return `${intro}${[`## The report\n\n${table(plain)}`, ...groups].join('\n')}`;
}

const table = (rows: string[]): string => `| Key | Type | Meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (key: string, it: Json): string => `| \`${key}\` | ${cell(kindOf(it))} | ${cell(it.description ?? '')} |`;

/** What a value can be beside null. */
const optionsOf = (it: Json): Json[] => everyOptionOf(it).filter((one) => one.type !== 'null');
const everyOptionOf = (it: Json): Json[] =>
  (it.anyOf as Json[] | undefined) ?? (Array.isArray(it.type) ? it.type.map((type) => ({ ...it, type }) as Json) : [it]);
const itemOf = (it: Json): Json => {
  const [only] = optionsOf(it);
  return only?.type === 'array' ? itemOf(only.items as Json) : (only ?? it);
};
const fieldsOf = (it: Json): [string, Json][] | null => {
  const { properties } = itemOf(it);
  return properties ? (Object.entries(properties) as [string, Json][]) : null;
};

/** One row per key; keys of a group within follow it as "group.key", those of a list of groups as "list[].key". */
function rowsOf(it: Json, before: string): string[] {
  const fields = fieldsOf(it) ?? [];
  const isThing = fields.some(([key]) => key === 'audience');
  return fields.flatMap(([key, field]) => {
    if (key === 'evidence' || (isThing && told.has(key))) return [];
    const inner = fieldsOf(field);
    const path = `${before}${key}`;
    const next = `${path}${optionsOf(field)[0]?.type === 'array' ? '[]' : ''}.`;
    return [row(path, field), ...(inner ? rowsOf(field, next) : [])];
  });
}

const names: Record<string, string> = { string: 'text', integer: 'whole number', number: 'number', boolean: '`true`, `false`' };

function kindOf(it: Json): string {
  const words = optionsOf(it).map((one) => {
    if (one.const !== undefined) return `\`${one.const}\``;
    if (one.enum) return one.enum.map((value) => `\`${value}\``).join(', ');
    if (one.type === 'array') return `list of ${kindOf(one.items as Json)}`;
    if (one.type === 'object') return (fieldsOf(one) ?? []).some(([key]) => key === 'audience') ? 'thing' : 'group';
    return names[String(one.type)] ?? 'any';
  });
  const all = [...new Set(words)].join(' or ');
  return everyOptionOf(it).some((one) => one.type === 'null') ? `${all}, or \`null\`` : all;
}
