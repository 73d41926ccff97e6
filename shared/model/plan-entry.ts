/** One subject of an inventory in the form that all share: its checks and what it refers to, each with its place in the file. */
import type { Contact } from './inventory.ts';
import type { CheckEntry } from './inventory-parts.ts';
import type { Sla } from './inventory-sla.ts';
import type { PlanProblem, Subject } from './plan.ts';
import type { SubjectKind } from './words.ts';

export type Path = (string | number)[];

/** A check with the place in the file that it comes from. */
export interface Written {
  check: CheckEntry;
  path: Path;
  /** Not written as a check (a link's gateway): its settings have not been through the schema of its type. */
  implied?: boolean;
  /** Made of other keys of its entry (a leg of mail): its name stands nowhere. */
  expanded?: boolean;
}

/** An id in the inventory that must be the id of something else. */
export interface Reference {
  id: string;
  path: Path;
  kinds: readonly SubjectKind[];
  /** Whether it says what depends on what, where circles are mistakes. */
  depends: boolean;
  /** Whether it stands elsewhere too, where it is told when it leads nowhere. */
  again?: boolean;
}

export interface Entry {
  path: Path;
  subject: Subject;
  address: string | null;
  /** Of a prefix. */
  cidr?: string;
  checks: Written[];
  references: Reference[];
  /** What was wrong when it was made. */
  problems?: PlanProblem[];
}

export const upstream = ['host', 'link', 'prefix', 'service', 'mail', 'site'] as const;

/** As written: an id, or a list of ids of which one is enough. */
export type Needs = readonly (string | readonly string[])[];

interface Listed {
  id: string;
  name?: string | undefined;
  site?: string | undefined;
  checks?: unknown[];
}
interface Details {
  name?: string;
  note?: string;
  audience?: string | undefined;
  address?: string | undefined;
  hosts?: string[];
  contacts?: Contact[];
  provider?: string;
  circuit?: string | undefined;
  sla?: Sla | undefined;
  dependsOn?: { field: string; needs: Needs; kinds: readonly SubjectKind[]; together?: boolean };
  /** Checks that the entry stands for without naming them. */
  implied?: Written[];
}

const groupsOf = (needs: Needs, together: boolean): string[][] => {
  const groups = needs.map((need) => (typeof need === 'string' ? [need] : [...need]));
  return together && groups.length > 1 ? [groups.flat()] : groups;
};

export function entry(kind: SubjectKind, path: Path, it: Listed, more: Details): Entry {
  const name = it.name ?? more.name ?? it.id;
  const refer = (field: string, ids: string[], kinds: readonly SubjectKind[]): Reference[] =>
    ids.map((id, index) => ({ id, path: [...path, field, index], kinds, depends: true }));
  const needed = (field: string, needs: Needs, kinds: readonly SubjectKind[]): Reference[] =>
    needs.flatMap((need, index) =>
      typeof need === 'string'
        ? [{ id: need, path: [...path, field, index], kinds, depends: true }]
        : need.map((id, at) => ({ id, path: [...path, field, index, at], kinds, depends: true })),
    );
  const { dependsOn, hosts = [] } = more;
  return {
    path,
    subject: {
      kind,
      id: it.id,
      name,
      site: it.site ?? null,
      note: more.note ?? '',
      audience: more.audience ?? name,
      dependsOn: groupsOf(dependsOn?.needs ?? [], dependsOn?.together ?? false),
      hosts,
      ...(more.contacts && more.contacts.length > 0 && { contacts: more.contacts }),
      ...(more.provider !== undefined && { provider: more.provider }),
      ...(more.circuit !== undefined && { circuit: more.circuit }),
      ...(more.sla && { sla: more.sla }),
    },
    address: more.address ?? null,
    checks: [
      ...(more.implied ?? []),
      ...((it.checks ?? []) as CheckEntry[]).map((check, index) => ({ check, path: [...path, 'checks', index] })),
    ],
    references: [
      ...(it.site === undefined ? [] : [{ id: it.site, path: [...path, 'site'], kinds: ['site'] as const, depends: false }]),
      ...refer('hosts', hosts, ['host']),
      ...(dependsOn ? needed(dependsOn.field, dependsOn.needs, dependsOn.kinds) : []),
    ],
  };
}
