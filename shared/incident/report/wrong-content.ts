/** What answered, but not with what it should: another thing than being down. */
import { checkLabel } from '../../alerting/names.ts';
import type { PlannedCheck } from '../../model/plan.ts';
import { clean } from '../../text.ts';
import type { SeenRun } from '../input.ts';
import { type Spell, worstOf } from '../spells.ts';
import { merge, type Stretch } from '../stretches.ts';
import type { AffectedFact } from './schema-parts.ts';
import { shape } from './shape.ts';
import { byKind, type Context } from './things.ts';

/** Reasons that say: it answered, but not with what it should. */
const wrongAnswers: ReadonlySet<string> = new Set([
  'text-missing',
  'text-unwanted',
  'json-mismatch',
  'header-mismatch',
  'too-small',
  'unexpected-answer',
]);
export const isWrongContent = (reason: string): boolean => wrongAnswers.has(reason);

/** What answered with the wrong content, by the results themselves where they are there: a hard state does not tell when its reason changed. */
export function wrongContent(context: Context): AffectedFact[] {
  const { input } = context;
  const found: AffectedFact[] = [];
  for (const [id, spells] of context.bySubject) {
    const checks = [...new Set(spells.map((spell) => spell.check))];
    const stretches = checks.flatMap((check): (Stretch & { text: string; reason: string })[] => {
      const own = spells.filter((spell) => spell.check === check);
      const runs = input.seen?.[check];
      if (!runs) return own.filter((spell) => isWrongContent(spell.reason)).map((spell) => ({ ...spell }));
      return runs.flatMap((run, index) => wrongRun(run, runs[index + 1], own));
    });
    if (stretches.length === 0) continue;
    const merged = merge(stretches);
    const first = stretches.toSorted((a, b) => a.from - b.from)[0] as (typeof stretches)[number];
    const labels = checks.flatMap((check) => (context.plans.get(check) ? [checkLabel(context.plans.get(check) as PlannedCheck)] : []));
    found.push({
      ...shape(context, id, merged, worstOf(spells), []),
      how: 'wrong-content',
      through: null,
      seen: clean(first.text, 400),
      reason: first.reason,
      checks: labels,
      portion: null,
      partlyFrom: null,
      cameAndWent: false,
    });
  }
  return found.sort((a, b) => byKind(a, b) || a.from - b.from).slice(0, 200);
}

/** A run of wrong answers within a spell, until the next other result. */
function wrongRun(run: SeenRun, next: SeenRun | undefined, spells: readonly Spell[]): (Stretch & { text: string; reason: string })[] {
  if (!isWrongContent(run.reason)) return [];
  const spell = spells.find((it) => it.from <= run.to && (it.to === null || it.to >= run.from));
  if (!spell) return [];
  const to = next ? next.from : spell.to;
  return [{ from: run.from, to, text: run.text, reason: run.reason, evidence: spell.evidence }];
}
