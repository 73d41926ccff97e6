/** The keys of the screen "Incidents", by what it shows. What is not here keeps its usual meaning. */
import { flushSync } from 'react-dom';
import { incidentStatuses } from '../../shared/model/incident.ts';
import { useLive } from '../state/live.ts';
import { openIncident, openIncidentDialog, openIncidents, useView } from '../state/view.ts';
import { focusQuickLine } from './QuickLine.tsx';

type Keys = Record<string, () => void>;

export function incidentKeys(): Keys {
  const { incidents } = useView.getState();
  switch (incidents.kind) {
    case 'incident':
      return pageKeys(incidents.id);
    case 'list':
      return listKeys;
    default:
      return { Escape: () => openIncidents({ kind: 'list' }) };
  }
}

const openNew = (): void => openIncidentDialog({ what: 'open', alerts: [] });

function pageKeys(id: string): Keys {
  const incident = useLive.getState().tables.incidents[id];
  const next = incident && incidentStatuses[incidentStatuses.indexOf(incident.status) + 1];
  return {
    n: () => focusQuickLine(),
    e: () => incident && openIncidentDialog({ what: 'edit', incident: id, field: 'title' }),
    s: () => next && openIncidentDialog({ what: 'status', incident: id, to: next }),
    o: openNew,
    Escape: () => openIncidents({ kind: 'list' }),
  };
}

const listKeys: Keys = {
  j: () => step(1),
  k: () => step(-1),
  o: openNew,
  n: () => {
    const id = useView.getState().incidentCursor ?? rows()[0]?.dataset.incident;
    if (id === undefined) return;
    // Drawn at once: what is typed next belongs into its quick line.
    flushSync(() => openIncident(id));
    focusQuickLine();
  },
};

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-incident]')];

/** Gives the next or previous row the focus; the list draws on as it scrolls. */
function step(by: 1 | -1): void {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.incident === useView.getState().incidentCursor);
  const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest' });
}
