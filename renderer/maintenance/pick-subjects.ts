/** Finds things of the inventory to choose from, by what people type. Pure. */
import type { Subject } from '../../shared/model/plan.ts';
import type { SubjectKind } from '../../shared/model/words.ts';

export const kindWord: Record<SubjectKind, string> = {
  desk: 'this desk',
  site: 'site',
  host: 'server',
  service: 'service',
  link: 'link',
  prefix: 'prefix',
  mail: 'mail',
};

/** What people plan work on most often stands first. */
const kindOrder: readonly SubjectKind[] = ['service', 'mail', 'host', 'site', 'link', 'prefix'];

/**
 * @param taken ids that are chosen already
 * @returns the best `most`: names that begin with the words first. Nothing typed offers the first of all
 */
export function pickSubjects(subjects: readonly Subject[], typed: string, taken: readonly string[], most = 30): Subject[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0] ?? '';
  const gone = new Set(taken);
  const rank = (it: Subject): number => {
    const name = it.name.toLowerCase();
    return first === '' ? 0 : name.startsWith(first) || it.id.startsWith(first) ? 0 : name.includes(first) ? 1 : 2;
  };
  return subjects
    .filter((it) => it.kind !== 'desk' && !gone.has(it.id))
    .filter((it) => {
      const text = `${it.name} ${it.id} ${it.note} ${kindWord[it.kind]}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .map((it) => ({ it, rank: rank(it) }))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        kindOrder.indexOf(a.it.kind) - kindOrder.indexOf(b.it.kind) ||
        a.it.name.localeCompare(b.it.name, 'en', { numeric: true }),
    )
    .slice(0, most)
    .map(({ it }) => it);
}
