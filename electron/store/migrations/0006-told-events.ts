/** What people did and wrote, by time: the report of an incident reads it for a week before and for as long as it takes afterwards. */
import type { Migration } from './migration.ts';

/** As they stand in the index and in the statement that uses it: another list needs another migration. */
export const toldKinds = [
  'change',
  'note',
  'logged',
  'incident-opened',
  'incident-changed',
  'incident-status',
  'incident-joined',
  'incident-left',
  'incident-merged',
  'maintenance-planned',
  'maintenance-changed',
  'maintenance-started',
  'maintenance-ended',
  'maintenance-overrun',
] as const;
/** The list as SQL. */
export const toldList = `('${toldKinds.join("', '")}')`;

export const toldEvents: Migration = {
  name: 'told-events',
  up(db) {
    db.exec(`CREATE INDEX events_told ON events (at) WHERE kind IN ${toldList}`);
  },
};
