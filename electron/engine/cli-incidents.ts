/** `nightdesk incidents`: what incidents a desk has had, from its data folder. */
import { beginningOf, endOf } from '../../shared/incidents/open.ts';
import { clean } from '../../shared/text.ts';
import { humanDuration, stamp } from '../../shared/time.ts';
import { withHistory } from './cli-history.ts';

/** @returns the exit code: 0 told, 2 with a sentence on standard error */
export function runIncidents({ data, zone, json }: { data: string; zone: string | null; json: boolean }): Promise<number> {
  return withHistory(data, zone, ({ store }, _plan, inZone) => {
    // Also those that began "in the future": the clock may have been set back since.
    for (const it of store.incidents(0, Number.MAX_SAFE_INTEGER)) {
      const own = store.alertsById(it.alerts);
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
