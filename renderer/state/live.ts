/**
 * The mirror of the engine, read only. `useLive(select)` for anything; the hooks below for what is needed often. A component that
 * selects one record by its id redraws only when that record changes (applyDelta keeps the identity of all others).
 * When a selector makes a new array or object, wrap it in `useShallow`.
 */
import { create } from 'zustand';
import type { EngineStatus } from '../../shared/contract.ts';
import { type CheckLive, type DeskLive, emptyTables, type LiveTables } from '../../shared/live.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';

export interface Live {
  tables: LiveTables;
  /** `connecting` until the first picture is there; `live` while deltas flow; `lost` when the connection ended and the picture is old. */
  connection: 'connecting' | 'live' | 'lost';
  /** What main says of the engine process. */
  engine: EngineStatus;
  /** When the first picture came, by performance.now(), for the bench. */
  firstPictureAt: number | null;
}

export const useLive = create<Live>(() => ({
  tables: emptyTables(),
  connection: 'connecting',
  engine: { state: 'starting' },
  firstPictureAt: null,
}));

export const useDesk = (): DeskLive | undefined => useLive((live) => live.tables.desk.desk);
export const useSubject = (id: string | null | undefined): Subject | undefined =>
  useLive((live) => (id == null ? undefined : live.tables.subjects[id]));
export const useCheck = (id: string): CheckLive | undefined => useLive((live) => live.tables.checks[id]);
export const usePlan = (id: string): PlannedCheck | undefined => useLive((live) => live.tables.plans[id]);
/** The zone in which people read times here. */
export const useZone = (): string => useLive((live) => live.tables.desk.desk?.organization.timezone ?? 'UTC');
