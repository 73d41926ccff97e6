/** What the schema of a drill cannot see: names of nothing, values that do not fit, deeds that cannot be done. */
import { momentOf } from '../../shared/scenario/moments.ts';
import type { Deed, Fault, Restore } from '../../shared/scenario/scenario.ts';
import { clean, listOf } from '../../shared/text.ts';
import type { Mistake } from '../inventory/issues.ts';
import { nearest } from '../inventory/nearest.ts';
import type { ReadInventory } from '../inventory/read.ts';
import type { DatedDeed } from './read.ts';
import type { Turn } from './world-faults.ts';
import { valueProblem } from './world-values.ts';

interface Story {
  inventory: ReadInventory;
  turns: readonly Turn[];
  deeds: readonly DatedDeed[];
  /** Epoch ms. */
  start: number;
  zone: string;
}

const none = (what: string, id: string, known: readonly string[]): string => {
  const near = nearest(id, known);
  const instead =
    near !== null ? `did you mean ${near}?` : known.length > 0 ? `there are ${listOf([...known], 12)}` : 'there is none at all';
  return `${what}; "${clean(id, 60)}" is none, ${instead}`;
};

export function mistakesIn(story: Story): Mistake[] {
  return [
    ...story.turns.flatMap((turn, index) => {
      const key = turn.break ? 'break' : 'restore';
      const it = turn.break ?? turn.restore;
      return it ? wrongSubjects(it, story).map((mistake) => ({ ...mistake, path: ['world', index, key, ...mistake.path] })) : [];
    }),
    ...wrongDeeds(story),
  ];
}

function wrongSubjects(it: Fault | Restore, { inventory: { inventory, plan } }: Story): Mistake[] {
  const mistakes: Mistake[] = [];
  const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);
  const must = (path: Mistake['path'], id: string, what: string, known: readonly string[]): boolean => {
    if (known.includes(id)) return true;
    mistakes.push({ path, expected: none(what, id, known) });
    return false;
  };
  if ('link' in it) {
    const isKnown = must(['link'], it.link, 'the id of a link', ids(inventory.links));
    const own = ids(inventory.prefixes.filter(({ via }) => via.includes(it.link)));
    if (isKnown)
      it.prefixes?.forEach((id, index) => void must(['prefixes', index], id, `the id of a prefix that comes by ${it.link}`, own));
  } else if ('site' in it) must(['site'], it.site, 'the id of a site', ids(inventory.sites));
  else if ('host' in it) must(['host'], it.host, 'the id of a host', ids(inventory.hosts));
  else if ('service' in it) must(['service'], it.service, 'the id of a service', ids(inventory.services));
  else if ('mail' in it)
    must(
      ['mail'],
      it.mail,
      'a mail domain or its id',
      inventory.mail.flatMap(({ domain, id }) => [domain, id]),
    );
  else if ('dns' in it) {
    const zones = plan.checks.flatMap(({ type, config }) =>
      type === 'zone' || type === 'delegation'
        ? [String(config.zone)]
        : type === 'dns' || type === 'propagation'
          ? [String(config.query)]
          : type === 'posture'
            ? [String(config.domain)]
            : [],
    );
    const isWatched = zones.some((zone) => zone === it.dns || zone.endsWith(`.${it.dns}`));
    if (!isWatched) must(['dns'], it.dns, 'a zone that a check looks at', [...new Set(zones)]);
  } else if ('backup' in it) {
    const jobs = plan.checks.filter(({ type }) => type === 'backup' || type === 'push');
    must(['backup'], it.backup, 'what a backup or heartbeat check belongs to, or the check itself', [
      ...new Set(jobs.flatMap(({ id, subject }) => [subject.id, id])),
    ]);
  }
  const isFault = 'value' in it || 'flap' in it || 'portion' in it;
  const problem = isFault ? valueProblem(it as Fault) : null;
  if (problem !== null) mistakes.push({ path: ['value'], expected: problem });
  if ('desk' in it && 'mode' in it && it.mode === 'asleep' && it.portion !== undefined)
    mistakes.push({ path: ['portion'], expected: 'no portion: a computer sleeps or does not' });
  return mistakes;
}

function wrongDeeds({ deeds, inventory: { inventory, plan }, start, zone }: Story): Mistake[] {
  const mistakes: Mistake[] = [];
  const subjects = plan.subjects.map(({ id }) => id);
  const inOrder = deeds.map((it, index) => ({ ...it, index })).sort((a, b) => a.at - b.at || a.index - b.index);
  const windows = new Set(inventory.maintenance.flatMap(({ id, name }) => [id, name]));
  let hasIncident = false;
  for (const { deed, at, index } of inOrder) {
    const add = (path: (string | number)[], expected: string): unknown =>
      mistakes.push({ path: ['people', index, deed.kind, ...path], expected });
    const known = (path: (string | number)[], id: string): unknown =>
      !subjects.includes(id) && add(path, none('the id of something in the inventory', id, subjects));
    if ('subject' in deed && deed.subject !== undefined) known(['subject'], deed.subject);
    for (const field of ['from', 'to', 'at', 'next', 'due'] as const) {
      const text = (deed as Partial<Record<typeof field, unknown>>)[field];
      if (typeof text === 'string' && momentOf(text, { start, after: at, zone }) === null)
        add([field], `a time that there is; "${text}" is none`);
    }
    if (deed.kind === 'incident') hasIncident = true;
    if (deed.kind === 'status' && !hasIncident) add([], 'an incident by then: an entry `incident` before this one');
    if (deed.kind === 'maintenance') {
      windows.add(deed.name);
      for (const field of ['affects', 'spares'] as const) deed[field]?.forEach((id, place) => void known([field, place], id));
    }
    if (isAboutWork(deed) && !windows.has(deed.maintenance))
      add(['maintenance'], none('the name of planned work of before', deed.maintenance, [...windows]));
  }
  return mistakes;
}

const isAboutWork = (deed: Deed): deed is Extract<Deed, { maintenance: string }> => 'maintenance' in deed;
