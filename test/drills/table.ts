/** The score of all drills: as lines for the terminal, and as the page docs/drills.md. */
import { documentTitles } from '../../shared/incident/drafts/index.ts';
import type { KindScore } from '../../shared/scenario/score.ts';
import { humanDuration } from '../../shared/time.ts';
import type { Outcome } from './play.ts';
import { unnamed } from './unnamed.ts';

const sum = (scores: readonly KindScore[], of: (score: KindScore) => number): number => scores.reduce((all, it) => all + of(it), 0);
const stated = (scores: readonly KindScore[]): number => sum(scores, (it) => it.stated.length);
const missing = (scores: readonly KindScore[]): number => sum(scores, (it) => it.missing.length);
const wrong = (scores: readonly KindScore[]): number => sum(scores, (it) => it.wrong.length);
const seconds = (ms: number | null): string => (ms === null ? 'never' : `${Math.round(ms / 1_000)} s`);
const shown = ({ shownMs }: Outcome): string => seconds(shownMs);
/** How many of its faults were named rightly. */
const namedOf = ({ met }: Outcome): string => `${met.filter((it) => it.namedMs !== null).length} of ${met.length}`;

/** A table for the end of a test run, with every fact that is missing or wrong under it. */
export function scoreTable(outcomes: readonly Outcome[]): string {
  const rows = [
    ['drill', 'draft', 'shown after', 'named', 'false', 'stated', 'missing', 'wrong'],
    ...outcomes.flatMap((it) =>
      it.scores.map((score, index) => [
        index === 0 ? it.file.replace(/\.yaml$/, '') : '',
        score.kind,
        index === 0 ? shown(it) : '',
        index === 0 ? namedOf(it) : '',
        index === 0 ? String(it.debrief.falseSentences.length) : '',
        String(score.stated.length),
        String(score.missing.length),
        String(score.wrong.length),
      ]),
    ),
    ['all', '', '', '', '', ...[stated, missing, wrong].map((of) => String(outcomes.reduce((all, it) => all + of(it.scores), 0)))],
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]): string =>
    row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  const faults = outcomes.flatMap((it) =>
    it.scores.flatMap((score) => [
      ...score.missing.map((fact) => `missing  ${it.file} · ${score.kind}: ${fact.fact}`),
      ...score.wrong.map(
        ({ fact, section, text }) => `WRONG    ${it.file} · ${score.kind} · ${section}: ${fact}\n         ${text.slice(0, 300)}`,
      ),
    ]),
  );
  const sentences = outcomes.flatMap((it) => [
    ...it.debrief.faults.filter(({ namedAt }) => namedAt === null).map(({ what }) => `unnamed  ${it.file}: ${what}`),
    ...it.debrief.falseSentences.map(({ at, sentence }) => `FALSE    ${it.file} · ${new Date(at).toISOString()}: ${sentence}`),
  ]);
  return [...rows.map(line), '', ...sentences, ...faults].join('\n').trimEnd();
}

/** The page of the drills that are shipped. The same files always make the same page. */
export function drillsPage(outcomes: readonly Outcome[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const table = (columns: string[], rows: string[][], figures = columns.map((_, at) => at).slice(1)): string =>
    [columns, columns.map((_, at) => (figures.includes(at) ? '--:' : '---')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  const total = (of: (scores: readonly KindScore[]) => number): string => `**${outcomes.reduce((all, it) => all + of(it.scores), 0)}**`;
  const byKind = [
    ...Map.groupBy(
      outcomes.flatMap((it) => it.scores),
      (it) => it.kind,
    ),
  ];
  return `# Drills

<!-- Made by test/unit/drills/shipped.test.ts (npx vitest run --project unit test/unit/drills -u). Do not edit by hand. -->

A drill plays an outage through the real engine on a clock of its own: scheduler, judges, alerts, store and drafts are those of every day,
only what the checks see comes from an invented world. Nothing is sent to anybody, and the real watch goes on beside it.

\`\`\`
npm run -s nightdesk -- drill assets/drills/${outcomes[0]?.file ?? 'FILE'} --speed 60
npm run -s nightdesk -- drill FILE --speed max --draft DIR    # all drafts, in DIR
npm run -s nightdesk -- drill --check FILE                    # mistakes, with line and column
\`\`\`

Every provider in them is invented, and all addresses are those kept for documentation. The same file and the same \`seed\` bring the same
events, to the byte. [How a drill is written](drill-files.md).

## The drills

${outcomes.map((it) => `- **${it.name}** (\`${it.file}\`, ${humanDuration(it.lastsMs)}). ${it.about}`).join('\n')}

## What the desk said

When it showed each fault, and when its sentence on top named rightly what is broken; the world of the drill judges that, and it shares
nothing with what makes the sentences. False is a sentence that names, without doubt or as likely, something that works. Times count from the
fault; of one within planned work from the planned end of that work; of one in a routine they hold the time that the routine usually takes.

${table(
  ['Drill', 'Fault', 'Shown after', 'Named after', 'As'],
  outcomes.flatMap((it) =>
    it.debrief.faults.map(({ what, namedAs }, index) => [
      index === 0 ? cell(it.name) : '',
      cell(what),
      seconds(it.met[index]?.shownMs ?? null),
      seconds(it.met[index]?.namedMs ?? null),
      cell(namedAs ?? unnamed[it.file]?.[what] ?? ''),
    ]),
  ),
  [2, 3],
)}

## How good the drafts are

Each drill names the facts that a good report must state, per kind of draft, as far as they could be seen or were typed (\`expected\`), and what
would be false (\`forbidden\`).

${table(
  ['Drill', 'Shown after', 'Faults named', 'False sentences', 'Facts stated', 'Missing', 'False statements'],
  [
    ...outcomes.map((it) => [
      cell(it.name),
      shown(it),
      namedOf(it),
      String(it.debrief.falseSentences.length),
      String(stated(it.scores)),
      String(missing(it.scores)),
      String(wrong(it.scores)),
    ]),
    [
      '**All**',
      '',
      `**${outcomes.reduce((all, it) => all + it.met.filter((one) => one.namedMs !== null).length, 0)} of ${outcomes.reduce((all, it) => all + it.met.length, 0)}**`,
      `**${outcomes.reduce((all, it) => all + it.debrief.falseSentences.length, 0)}**`,
      total(stated),
      total(missing),
      total(wrong),
    ],
  ],
)}

${table(
  ['Draft', 'Facts stated', 'Missing', 'False statements'],
  byKind.map(([kind, scores]) => [documentTitles[kind], String(stated(scores)), String(missing(scores)), String(wrong(scores))]),
)}
`;
}
