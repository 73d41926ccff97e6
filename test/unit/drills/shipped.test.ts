/** The drills that are shipped: they can be read, make sense, and their drafts state what they must and nothing false. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readScenario } from '../../../electron/drill/read.ts';
import { documentKindSchema } from '../../../shared/model/document.ts';
import { drillFiles, drillFolder, type Outcome, outcomeOf } from '../../drills/play.ts';
import { drillsPage, scoreTable } from '../../drills/table.ts';
import { unnamed } from '../../drills/unnamed.ts';

const files = drillFiles();
const playMs = 120_000;

it('ships at least eight drills', () => {
  expect(files.length).toBeGreaterThanOrEqual(8);
});

/** Kept for documentation (RFC 5737, RFC 3849), and this computer. */
const invented = /^(192\.0\.2|198\.51\.100|203\.0\.113|127\.0\.0)\.\d+$|^2001:db8:/i;
/** Kept for documentation as well (RFC 2606). */
const inventedName = /(^|\.)example(\.(com|net|org))?$/;

describe.each(files)('%s', (file) => {
  let read: Extract<Awaited<ReturnType<typeof readScenario>>, { ok: true }>['value'];
  beforeAll(async () => {
    const result = await readScenario(join(drillFolder, file));
    if (!result.ok) throw new Error(JSON.stringify(result.failure, null, 1));
    read = result.value;
  });

  it('is a valid drill, with something to learn', () => {
    expect(read.scenario.about?.length ?? 0).toBeGreaterThan(80);
    expect(read.spells.length).toBeGreaterThan(0);
    expect(read.scenario.expected.length).toBeGreaterThan(8);
    expect(read.scenario.forbidden.length).toBeGreaterThan(2);
    expect(read.inventory).not.toHaveProperty('warnings');
  });

  it('begins calmly and ends when all is over', () => {
    const first = Math.min(...read.spells.map((it) => it.from));
    const last = Math.max(...read.spells.map((it) => it.to));
    expect(first - read.start).toBeGreaterThanOrEqual(15 * 60_000);
    expect(last).toBeLessThan(read.end - 15 * 60_000);
    expect(read.deeds.at(-1)?.at).toBeLessThan(read.end);
  });

  it('says for which kinds of draft its facts are', () => {
    for (const { fact, in: kinds } of [...read.scenario.expected, ...read.scenario.forbidden])
      for (const kind of kinds ?? []) expect(documentKindSchema.safeParse(kind).success, `${fact}: ${kind}`).toBe(true);
  });

  it('names nobody who is there', () => {
    const text = read.inventory.text;
    const addresses = text.match(/(?<![\d.:])\d{1,3}(\.\d{1,3}){3}(?![\d.])|(?<![\w:])[\da-f]{1,4}(:[\da-f]{0,4}){3,}/gi) ?? [];
    expect(addresses.filter((it) => !invented.test(it))).toEqual([]);
    const names = [...text.matchAll(/(?:https?:\/\/|[\w.]+@)([\w.-]+)/g)].map((it) => it[1] ?? '');
    expect(names.filter((it) => !inventedName.test(it) && !invented.test(it))).toEqual([]);
  });
});

describe('what their drafts say', () => {
  const outcomes: Outcome[] = [];
  it.each(files)('%s: nobody is refused, every fact is stated, nothing is false', { timeout: playMs }, async (file) => {
    const outcome = await outcomeOf(file);
    outcomes.push(outcome);
    expect(outcome.refused).toEqual([]);
    expect(outcome.shownMs).not.toBeNull();
    const missing = outcome.scores.flatMap(({ kind, missing }) => missing.map(({ fact }) => `${kind}: ${fact}`));
    const wrong = outcome.scores.flatMap(({ kind, wrong }) => wrong.map(({ fact, text }) => `${kind}: ${fact}: ${text}`));
    expect({ missing, wrong }).toEqual({ missing: [], wrong: [] });
  });

  it.each(files)(
    '%s: the desk names every fault, or there is a reason why not, and nothing that works',
    { timeout: playMs },
    async (file) => {
      const { debrief } = await outcomeOf(file);
      expect(debrief.falseSentences).toEqual([]);
      const unsaid = debrief.faults.filter(({ namedAt }) => namedAt === null).map(({ what }) => what);
      expect(unsaid).toEqual(Object.keys(unnamed[file] ?? {}));
      for (const { what, from, shownAt } of debrief.faults) expect([what, (shownAt ?? 0) >= from]).toEqual([what, true]);
    },
  );

  it('docs/drills.md tells the same (else: npx vitest run --project unit test/unit/drills -u)', {
    timeout: files.length * playMs,
  }, async () => {
    const all = await Promise.all(files.map(outcomeOf));
    await expect(drillsPage(all)).toMatchFileSnapshot(join(drillFolder, '../../docs/drills.md'));
  });

  afterAll(() => {
    const text = scoreTable(outcomes);
    process.stdout.write(`\n${text}\n`);
  });
});
