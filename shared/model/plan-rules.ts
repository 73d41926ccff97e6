/** What the schema cannot see: references to nothing, circles, windows that end before they begin, addresses outside their prefix. */
import { cronProblem } from '../maintenance/cron.ts';
import { windowOf } from '../maintenance/from-inventory.ts';
import { notifyProblems } from '../notify/rules.ts';
import { isInside } from './cidr.ts';
import type { Inventory } from './inventory.ts';
import type { PlanProblem } from './plan.ts';
import type { Entry, Reference } from './plan-entry.ts';

/** All of these rules. @param byId the first entry of each id */
export function brokenRules(inventory: Inventory, entries: Entry[], byId: Map<string, Entry>): PlanProblem[] {
  const references = entries.flatMap((it) => it.references.flatMap((reference) => (reference.again ? [] : missing(reference, byId))));
  return [
    ...references,
    ...circles(entries, byId),
    ...windows(inventory, byId),
    ...outsiders(inventory),
    ...deaf(inventory, entries),
    ...entries.flatMap((it) => it.problems ?? []),
    ...strayLegs(entries),
    ...notifyProblems(inventory.notify, (id) => byId.has(id)).problems,
  ];
}

/** A reference to nothing, or to the wrong kind of thing. */
function missing({ id, path, kinds }: Reference, byId: Map<string, Entry>): PlanProblem[] {
  const found = byId.get(id);
  const wanted = `the id of a ${kinds.length === 1 ? kinds[0] : `${kinds.slice(0, -1).join(', ')} or ${kinds[kinds.length - 1]}`}`;
  if (!found) return [{ path, expected: `${wanted}; there is no "${id}"` }];
  return kinds.includes(found.subject.kind) ? [] : [{ path, expected: `${wanted}; "${id}" is a ${found.subject.kind}` }];
}

function windows(inventory: Inventory, byId: Map<string, Entry>): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const check = (list: string, all: { id: string; named: Record<string, string[]> }[]): void => {
    const seen = new Set<string>();
    all.forEach(({ id, named }, index) => {
      if (seen.has(id))
        problems.push({ path: [list, index, 'id'], expected: `an id of its own; there are two named "${id}" under ${list}` });
      seen.add(id);
      for (const [field, ids] of Object.entries(named)) {
        ids.forEach((subject, at) => {
          if (!byId.has(subject))
            problems.push({ path: [list, index, field, at], expected: `the id of something in this inventory; there is no "${subject}"` });
        });
      }
    });
  };
  check(
    'maintenance',
    inventory.maintenance.map(({ id, affects, spares }) => ({ id, named: { affects, spares } })),
  );
  check(
    'routines',
    inventory.routines.map(({ id, restarts }) => ({ id, named: { restarts } })),
  );
  inventory.maintenance.forEach((it, index) => {
    const at = (field: string, expected: string) => problems.push({ path: ['maintenance', index, field], expected });
    const { kind } = windowOf(it, inventory.organization.timezone);
    if (it.from && it.to && Date.parse(it.to) <= Date.parse(it.from)) at('to', 'a time after `from`');
    if (kind === 'fixed' && it.from && !it.to) at('kind', 'an end (`to`); without one it is open-ended');
    if (kind === 'flexible' && !(it.from && it.to) && (it.from || it.to)) at('kind', '`from` and `to`, between which it may begin');
    if ((kind === 'flexible' || kind === 'recurring') && it.duration === undefined)
      at('kind', 'a `duration`: how long it lasts once it has begun');
    if (kind === 'recurring' && it.schedule === undefined) at('kind', 'a `schedule`, such as "0 4 * * 0"');
    const wrong = it.schedule === undefined ? null : cronProblem(it.schedule, 'UTC');
    if (wrong !== null) at('schedule', wrong);
  });
  inventory.routines.forEach(({ schedule }, index) => {
    const wrong = cronProblem(schedule, 'UTC');
    if (wrong !== null) problems.push({ path: ['routines', index, 'schedule'], expected: wrong });
  });
  return problems;
}

/** Representatives that do not lie inside their prefix would vouch for another one. */
function outsiders(inventory: Inventory): PlanProblem[] {
  return inventory.prefixes.flatMap(({ cidr, representatives }, index) =>
    representatives.flatMap((address, at) =>
      isInside(address, cidr)
        ? []
        : [{ path: ['prefixes', index, 'representatives', at], expected: `an address inside ${cidr}; ${address} is not` }],
    ),
  );
}

/**
 * Finds circles in dependsOn, parents, via and hosts; each is reported once, at the reference that closes it. A loop with a stack
 * of its own, as a chain in a file may be longer than the call stack.
 */
function circles(entries: Entry[], byId: Map<string, Entry>): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const done = new Set<string>();
  for (const root of entries) {
    const trail: { it: Entry; next: number }[] = [];
    const on = new Set<string>();
    const enter = (it: Entry): void => {
      trail.push({ it, next: 0 });
      on.add(it.subject.id);
    };
    if (!done.has(root.subject.id)) enter(root);
    for (let top = trail.at(-1); top; top = trail.at(-1)) {
      const reference = top.it.references[top.next];
      top.next += 1;
      if (!reference) {
        trail.pop();
        on.delete(top.it.subject.id);
        done.add(top.it.subject.id);
        continue;
      }
      const next = reference.depends ? byId.get(reference.id) : undefined;
      if (!next || done.has(reference.id)) continue;
      if (!on.has(reference.id)) enter(next);
      else {
        const ids = trail.map(({ it }) => it.subject.id);
        const circle = [...ids.slice(ids.indexOf(reference.id)), reference.id];
        problems.push({ path: reference.path, expected: `no circle in what depends on what: ${circle.join(' → ')}` });
      }
    }
  }
  return problems;
}

/** Checks that wait for calls, where nobody listens. */
const deaf = (inventory: Inventory, entries: Entry[]): PlanProblem[] =>
  inventory.desk.push
    ? []
    : entries
        .flatMap((it) => it.checks)
        .filter(({ check }) => check.type === 'push' || (check.type === 'backup' && check.source === 'push'))
        .map(({ path }) => ({
          path: [...path, 'type'],
          expected: '`desk.push` with an address to listen on, or no check that waits for calls',
        }));

/** Only mail has legs, and names the hosts of single checks. */
const strayLegs = (entries: Entry[]): PlanProblem[] =>
  entries
    .filter(({ subject }) => subject.kind !== 'mail')
    .flatMap((it) => it.checks)
    .flatMap(({ check, path }) =>
      (['leg', 'host'] as const)
        .filter((key) => check[key] !== undefined)
        .map((key) => ({ path: [...path, key], key: true, expected: `no "${key}" here: only checks of a mail entry have one` })),
    );
