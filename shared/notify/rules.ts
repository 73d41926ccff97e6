/** What the schema cannot see in `notify`: references to nothing, ids that clash, people whom nothing reaches, rotas with a hole. */
import type { NotifyConfig, Route } from '../model/notify.ts';
import type { PlanProblem } from '../model/plan.ts';
import { listOf } from '../text.ts';
import { DAY, stamp, writeDuration } from '../time.ts';
import { rotaHoles } from './rota.ts';

type Path = PlanProblem['path'];
type Lists = 'channels' | 'people' | 'rotas' | 'escalations';

const lookAheadMs = 28 * DAY;

/**
 * @param known whether there is a subject of this id; left out: all are taken for known
 * @param at zone (the organization's) and moment (epoch ms) for the search for holes in rotas; left out: they are not searched
 * @returns mistakes (a plan with one must not be put in force), and warnings in full sentences
 */
export function notifyProblems(
  notify: NotifyConfig,
  known: (subject: string) => boolean = () => true,
  at?: { zone: string; now: number },
): { problems: PlanProblem[]; warnings: string[] } {
  const problems = [...clashes(notify), ...strangers(notify, known), ...unreachable(notify)];
  const warnings = [...hiddenRoutes(notify.routes), ...openPasswords(notify), ...(at ? holes(notify, at.zone, at.now) : [])];
  return { problems, warnings };
}

/** Channels, people and rotas are all told "to", so that they share their ids; routes and escalations have theirs among themselves. */
function clashes(notify: NotifyConfig): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const unique = (lists: readonly (keyof NotifyConfig & ('routes' | Lists))[]): void => {
    const first = new Map<string, string>();
    for (const list of lists) {
      notify[list].forEach(({ id }, index) => {
        const other = first.get(id);
        if (other === undefined) first.set(id, list);
        else
          problems.push({ path: ['notify', list, index, 'id'], expected: `an id of its own; "${id}" is already one of notify.${other}` });
      });
    }
  };
  unique(['channels', 'people', 'rotas']);
  unique(['routes']);
  unique(['escalations']);
  return problems;
}

/** forEach for callbacks that are one expression. */
function each<T>(items: readonly T[], call: (item: T, index: number) => void): void {
  items.forEach((item, index) => {
    call(item, index);
  });
}

/** References to nothing: which list it should be in, and what there is. */
function strangers(notify: NotifyConfig, known: (subject: string) => boolean): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const need = (id: string, lists: readonly Lists[], path: Path): void => {
    const there = lists.flatMap((list) => notify[list].map((it) => it.id));
    if (there.includes(id)) return;
    const one: Record<Lists, string> = { channels: 'channel', people: 'person', rotas: 'rota', escalations: 'escalation' };
    const wanted = listOf(lists.map((list) => one[list])).replace(' and ', ' or ');
    const where = listOf(lists.map((list) => `notify.${list}`)).replace(' and ', ' or ');
    const have = there.length === 0 ? 'which has none yet' : `which has ${listOf(there, 8)}`;
    problems.push({
      path: ['notify', ...path],
      expected: `the id of ${/^[aeiou]/.test(wanted) ? 'an' : 'a'} ${wanted}; there is no "${id}" in ${where}, ${have}`,
    });
  };
  const told = ['channels', 'people', 'rotas'] as const;
  notify.people.forEach((it, index) => {
    each(it.channels, (id, at) => need(id, ['channels'], ['people', index, 'channels', at]));
  });
  notify.rotas.forEach((rota, index) => {
    for (const list of ['overrides', 'shifts'] as const)
      each<{ person: string }>(rota[list], (it, at) => need(it.person, ['people'], ['rotas', index, list, at, 'person']));
    each(rota.rotation?.people ?? [], (id, at) => need(id, ['people'], ['rotas', index, 'rotation', 'people', at]));
    rota.overrides.forEach((it, at) => {
      if (Date.parse(it.to) <= Date.parse(it.from))
        problems.push({ path: ['notify', 'rotas', index, 'overrides', at, 'to'], expected: 'a time after `from`' });
    });
  });
  notify.routes.forEach((route, index) => {
    each(route.to, (id, at) => need(id, told, ['routes', index, 'to', at]));
    if (route.escalation !== undefined) need(route.escalation, ['escalations'], ['routes', index, 'escalation']);
    route.subjects.forEach((id, at) => {
      if (!known(id))
        problems.push({
          path: ['notify', 'routes', index, 'subjects', at],
          expected: `the id of something in this inventory; there is no "${id}"`,
        });
    });
  });
  notify.escalations.forEach((it, index) => {
    it.steps.forEach((step, at) => {
      each(step.to, (id, which) => need(id, told, ['escalations', index, 'steps', at, 'to', which]));
      const before = it.steps[at - 1]?.after ?? 0;
      if (step.after <= before)
        problems.push({
          path: ['notify', 'escalations', index, 'steps', at, 'after'],
          expected: `a longer time than the step before (${writeDuration(before)})`,
        });
    });
  });
  return problems;
}

/** People and channels that a message could not get to. */
function unreachable(notify: NotifyConfig): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const mailers = new Map(notify.channels.flatMap((it) => (it.type === 'email' ? [[it.id, it] as const] : [])));
  notify.people.forEach((it, index) => {
    if (it.channels.length === 0)
      problems.push({ path: ['notify', 'people', index, 'channels'], expected: `at least one channel; nothing would reach ${it.id}` });
    it.channels.forEach((id, at) => {
      if (mailers.has(id) && it.email === undefined && mailers.get(id)?.to.length === 0)
        problems.push({
          path: ['notify', 'people', index, 'channels', at],
          expected: `an email address for ${it.id}, as the channel "${id}" sends email and has no address of its own`,
        });
    });
  });
  const direct = new Set([
    ...notify.routes.flatMap((it) => it.to),
    ...notify.escalations.flatMap((it) => it.steps.flatMap((step) => step.to)),
  ]);
  notify.channels.forEach((it, index) => {
    if (it.type !== 'email' || it.to.length > 0) return;
    if (direct.has(it.id) || !notify.people.some((person) => person.email !== undefined && person.channels.includes(it.id)))
      problems.push({
        path: ['notify', 'channels', index, 'to'],
        expected: `an address; the channel "${it.id}" would have nobody to send to`,
      });
  });
  notify.rotas.forEach((it, index) => {
    if (it.overrides.length + it.shifts.length === 0 && it.rotation === undefined)
      problems.push({ path: ['notify', 'rotas', index], expected: 'shifts, a rotation or overrides; it names nobody' });
  });
  return problems;
}

/** Routes that never get an alert, as one before takes everything that they want. */
function hiddenRoutes(routes: readonly Route[]): string[] {
  const takesAll = (all: readonly string[], some: readonly string[]): boolean =>
    all.length === 0 || (some.length > 0 && some.every((it) => all.includes(it)));
  return routes.flatMap((route, index) => {
    const before = routes
      .slice(0, index)
      .find(
        (it) =>
          !it.continue &&
          it.when.length === 0 &&
          takesAll(it.subjects, route.subjects) &&
          takesAll(it.groups, route.groups) &&
          takesAll(it.severities, route.severities),
      );
    return before
      ? [
          `The route "${route.id}" never gets an alert: "${before.id}" before it takes them all. Put it first, or give "${before.id}" continue: true.`,
        ]
      : [];
  });
}

const openPasswords = (notify: NotifyConfig): string[] =>
  notify.channels.flatMap((it) =>
    it.type === 'email' && it.encryption === 'none' && it.password !== undefined
      ? [`The channel "${it.id}" sends its password unencrypted. Use encryption: starttls or tls.`]
      : [],
  );

const holes = (notify: NotifyConfig, organizationZone: string, now: number): string[] =>
  notify.rotas.flatMap((rota) => {
    const zone = rota.timezone ?? organizationZone;
    const [first, ...rest] = rotaHoles(rota, now, now + lookAheadMs, zone);
    if (!first) return [];
    const more = rest.length === 0 ? '' : ` (and ${rest.length} more times within four weeks)`;
    return [
      `Nobody is on call in the rota "${rota.id}" from ${stamp(first.from, zone)} to ${stamp(first.to, zone)}${more}; all of its people are told then.`,
    ];
  });
