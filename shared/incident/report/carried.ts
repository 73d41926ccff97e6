/** Services that are known by the hosts that carry them only. */
import { checkLabel } from '../../alerting/names.ts';
import type { Subject } from '../../model/plan.ts';
import { severityOf } from '../../model/words.ts';
import { clean } from '../../text.ts';
import { hostsAllDown } from '../affected.ts';
import type { Spell } from '../spells.ts';
import { merge, overlap } from '../stretches.ts';
import type { AffectedFact } from './schema-parts.ts';
import { shape } from './shape.ts';
import type { Context } from './things.ts';

/** What checks of these look at is what people use: a failed one says something of the services on its host. */
const ofUse: ReadonlySet<string> = new Set([
  'http',
  'tls',
  'tcp',
  'udp',
  'smtp',
  'imap',
  'pop3',
  'sieve',
  'mysql',
  'postgres',
  'redis',
  'dns',
]);

/** A service that is known by its hosts only: gone when all of them are, hit in part when something that people use failed on all of them. */
export function carriedFact(context: Context, subject: Subject): AffectedFact | null {
  const gone = hostsAllDown(context.input, subject, context.spells);
  const through = subject.hosts.length === 1 ? (subject.hosts[0] ?? null) : null;
  if (gone) {
    const seen = context.bySubject.get(subject.hosts[0] ?? '')?.find((spell) => spell.level === 'down' && spell.text !== '');
    const common = {
      seen: clean(seen?.text ?? '', 400),
      reason: seen?.reason ?? '',
      checks: [],
      portion: null,
      partlyFrom: null,
      cameAndWent: false,
    };
    return { ...shape(context, subject.id, gone, 'down', []), how: 'down', through, ...common };
  }
  const each = subject.hosts.map((host) =>
    (context.bySubject.get(host) ?? []).filter(
      (spell) => spell.level !== 'unknown' && ofUse.has(context.plans.get(spell.check)?.type ?? ''),
    ),
  );
  if (each.length === 0 || each.some((spells) => spells.length === 0)) return null;
  const stretches = merge(each.map((spells) => merge(spells)).reduce((a, b) => overlap(a, b)));
  if (stretches.length === 0) return null;
  const all = each.flat();
  const worst = all.toSorted((a, b) => severityOf(b.level) - severityOf(a.level))[0] as Spell;
  const labels = [...new Set(all.map((spell) => spell.check))].flatMap((check) => {
    const plan = context.plans.get(check);
    return plan ? [checkLabel(plan)] : [];
  });
  return {
    ...shape(context, subject.id, stretches, worst.level, []),
    how: worst.level === 'degraded' ? 'degraded' : 'partly',
    through,
    seen: clean(worst.text, 400),
    reason: worst.reason,
    checks: [...new Set(labels)],
    portion: null,
    partlyFrom: null,
    cameAndWent: false,
  };
}
