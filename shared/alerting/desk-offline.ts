/** The one alert of a desk that lost its own connection: whatever else it sees of remote things means nothing then. */
import { listOf } from '../text.ts';
import { capital, checkLabels } from './names.ts';
import { itemOf } from './scope.ts';
import { type Group, groupFrom, type Work } from './work.ts';

export const offlineTitle = 'This desk is offline';

export function deskOffline(work: Work): string {
  const { input } = work;
  const open = input.open.filter((it) => it.subject.kind === 'desk' && it.endedAt === null);
  for (const alert of open) work.groups.push(groupFrom(alert));
  if (!input.cutOff) return open.length > 0 ? 'connected again' : 'connected';
  let [group] = work.groups;
  if (!group) {
    group = groupFrom(null);
    work.groups.push(group);
  }
  const anchors = new Set(input.cutOff.anchors);
  const subject = input.graph.subject('desk') ?? {
    kind: 'desk',
    id: 'desk',
    name: 'This desk',
    site: null,
    note: '',
    audience: 'This desk',
    dependsOn: [],
    hosts: [],
  };
  for (const it of input.checksOf('desk')) if (anchors.has(it.plan.id)) group.roots.set(it.plan.id, itemOf({ ...it, subject }));
  return `cut off: ${group.roots.size} anchors fail`;
}

/** @returns "Gateway, resolver and far host do not answer. Nothing is known of what lies beyond: …" */
export function offlineText(group: Group): string {
  const plans = [...group.roots.values()].map(({ plan }) => plan);
  const one = plans.length === 1;
  const names =
    plans.length > 3
      ? capital(
          listOf(
            plans.map((it) => checkLabels([it])),
            5,
          ),
        )
      : capital(checkLabels(plans));
  return `${names} ${one ? 'does' : 'do'} not answer. Nothing is known of what lies beyond until this computer is connected again; nothing is called down meanwhile.`;
}
