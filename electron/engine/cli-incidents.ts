/** `nightdesk incidents`: what incidents a desk has had, from its data folder. */
import { beginningOf, endOf } from '../../shared/incidents/open.ts';
import { clean } from '../../shared/text.ts';
import { humanDuration, stamp } from '../../shared/time.ts';
import { withHistory } from './cli-history.ts';
import { systemClock } from './clock.ts';

/** @returns the exit code: 0 told, 2 with a sentence on standard error */
export function runIncidents({ data, zone, json }: { data: string; zone: string | null; json: boolean }): Promise<number> {
  return withHistory(data, zone, ({ store }, _plan, inZone) => {
    const now = systemClock.now();
    const alerts = new Map(store.alerts(0, now).map((it) => [it.id, it]));
    for (const it of store.incidents(0, now)) {
      const own = it.alerts.flatMap((id) => alerts.get(id) ?? []);
      const from = beginningOf(it, own);
      const to = endOf(it, own);
      if (json) {
        const { id, title, severity, status, lead, openedAt, openedBy, mergedInto } = it;
        process.stdout.write(
          `${JSON.stringify({ id, title, severity, status, lead, from, to, openedAt, openedBy, mergedInto, alerts: it.alerts })}\n`,
        );
        continue;
      }
      const lasted = to === null ? 'not over' : humanDuration(to - from);
      const merged = it.mergedInto === null ? '' : ` (part of ${clean(it.mergedInto, 60)})`;
      process.stdout.write(
        `${clean(it.id, 60)}  ${stamp(from, inZone)}  ${lasted}  ${it.severity}, ${it.status}  ${clean(it.title, 200)}${merged}\n`,
      );
    }
    return 0;
  });
}
