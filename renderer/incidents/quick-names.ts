/** Names that the quick line knows: links and sites, those of the incident first, so that "cox" means the Cox that it is about. Pure. */
import type { QuickName } from '../../shared/incidents/quick-words.ts';
import type { LiveTables } from '../../shared/live.ts';
import type { Incident } from '../../shared/model/incident.ts';

export function quickNames(incident: Incident, subjects: LiveTables['subjects'], alerts: LiveTables['alerts']): QuickName[] {
  const about = incident.alerts.flatMap((id) => alerts[id]?.subject.id ?? []).concat(incident.subjects);
  const sites = new Set(about.flatMap((id) => [id, subjects[id]?.site ?? id]));
  return Object.values(subjects)
    .filter((it) => it.kind === 'link' || it.kind === 'site')
    .sort((a, b) => rank(a) - rank(b))
    .map(({ id, name }) => ({ id, name }));
  function rank(it: LiveTables['subjects'][string]): number {
    return about.includes(it.id) ? 0 : sites.has(it.id) || (it.site !== null && sites.has(it.site)) ? 1 : 2;
  }
}
