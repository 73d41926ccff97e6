/** What those who stand here still owe us, from all incidents: a report that was promised stays in sight until it is in. */
import { openDebts } from '../../shared/incidents/log.ts';
import { Button } from '../components/Button.tsx';
import { isLate, owedText } from '../incidents/incident-words.ts';
import { useNow } from '../state/clock.ts';
import { eventNames } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import { openIncident, openIncidentDialog } from '../state/view.ts';
import { Part } from './Parts.tsx';
import css from './Places.module.css';
import { useDerived } from './use-derived.ts';

/** @param by ids of sites and links */
export function OwedPart({ by }: { by: readonly string[] }) {
  const zone = useZone();
  const now = useNow('quarter');
  const names = useLive((live) => eventNames(live.tables));
  const debts = useDerived(({ incidents, subjects }) => {
    // Also by name, where somebody wrote it so before the link was in the inventory.
    const said = new Set(by.flatMap((id) => [id.toLowerCase(), ...(subjects[id] ? [subjects[id].name.toLowerCase()] : [])]));
    return openDebts(Object.values(incidents))
      .filter(({ owed }) => said.has(owed.with.trim().toLowerCase()))
      .map(({ incident, owed }) => ({ incident: incident.id, title: incident.title, owed }));
  });
  if (debts.length === 0) return null;
  return (
    <Part title="Owed to us">
      <ul className={css.rows}>
        {debts.map(({ incident, title, owed }) => (
          <li key={owed.id} className={css.owed} data-late={isLate(owed, now) ? '' : undefined}>
            <div>
              <p>{owedText(owed, names, zone, now)}</p>
              <button type="button" className={css.link} onClick={() => openIncident(incident)}>
                {title}
              </button>
            </div>
            <Button onClick={() => openIncidentDialog({ what: 'received', incident, owed: owed.id })}>Received…</Button>
          </li>
        ))}
      </ul>
    </Part>
  );
}
