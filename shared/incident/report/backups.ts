/** What could be gone back to when the trouble began: the newest usable backup, and the time in which what was written may be lost. */
import type { PlannedCheck } from '../../model/plan.ts';
import { backupKey } from '../evidence.ts';
import type { ReportFacts } from './schema.ts';
import type { BackupFact, SaidFact } from './schema-parts.ts';
import { type Context, keys } from './things.ts';

/** People who speak of it decide that a restore is part of the story. */
const ofRestore = /\brestor|\bbackups?\b|\breprovision/i;
const mostBackups = 20;

export function backupFacts(context: Context, said: readonly SaidFact[], restores: readonly SaidFact[]): ReportFacts['backups'] {
  const { input, facts } = context;
  const faultAt = facts.firstSymptom?.at ?? context.spells[0]?.from ?? input.incident?.from ?? input.from;
  const spoken = [...restores, ...said.filter((it) => ofRestore.test(it.text))];
  const checks = input.plans.filter((plan) => plan.type === 'backup');
  const own = new Set([...context.bySubject.keys()].flatMap((id) => [id, ...(context.subjects.get(id)?.hosts ?? [])]));
  const related = checks.filter((plan) => own.has(plan.subject.id) || plan.through?.some((id) => own.has(id)));
  // Backups of a server may be watched on another one; where a restore is spoken of, they belong here.
  const meant = related.length > 0 ? related : spoken.length > 0 ? checks : [];
  return meant.slice(0, mostBackups).flatMap((plan) => backupFact(context, plan, faultAt, own, spoken) ?? []);
}

function backupFact(
  context: Context,
  plan: PlannedCheck,
  faultAt: number,
  own: ReadonlySet<string>,
  spoken: readonly SaidFact[],
): BackupFact | null {
  const { input } = context;
  const sight = input.backups?.[plan.id];
  if (!sight) return null;
  const down = (context.bySubject.get(plan.subject.id) ?? []).some((spell) => spell.level === 'down');
  const newestAt = sight.newestAt !== null && sight.newestAt <= faultAt ? sight.newestAt : null;
  return {
    ...context.thing(plan.subject.id),
    check: plan.id,
    newestAt,
    faultAt,
    lossMs: newestAt === null ? null : faultAt - newestAt,
    hit: spoken.length > 0 || (down && own.has(plan.subject.id)),
    evidence: keys([backupKey(plan.id), ...(context.troubled.get(plan.id) ?? []).flatMap((spell) => spell.evidence.slice(0, 1))]),
  };
}
