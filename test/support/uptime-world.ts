import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import type { SubjectKind } from '../../shared/model/words.ts';
import { MINUTE } from '../../shared/time.ts';
import { type StandingSpell, uptimeOf } from '../../shared/uptime/compute.ts';
import type { UptimeLine, UptimeParts } from '../../shared/uptime/report.ts';
import { plannedCheck, subject } from './plans.ts';

const standings = { u: 'ok', g: 'degraded', d: 'down', r: 'unreachable', k: 'unknown' } as const;
/** "5u 3d 2u" as minutes from 0: five up, three down, two up. */
export function spells(text: string): StandingSpell[] {
  let at = 0;
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const spell = { at, standing: standings[word.slice(-1) as keyof typeof standings] };
      at += Number(word.slice(0, -1)) * MINUTE;
      return spell;
    });
}
/** Parts in minutes, only those that are there: "up 5 down 3". */
export const words = (parts: UptimeParts): string =>
  Object.entries(parts)
    .filter(([, ms]) => ms > 0)
    .map(([part, ms]) => `${part} ${ms / MINUTE}`)
    .join(' ');
export const thing = (kind: SubjectKind, id: string, more: Partial<Subject> = {}): Subject => subject({ kind, id, ...more });
export const checkOf = (of: string, kind: SubjectKind, type: PlannedCheck['type'], name: string = type): PlannedCheck =>
  plannedCheck({ id: `${of}/${name}`, type, name, subject: { kind, id: of } });
export const work: MaintenanceWindow = {
  id: 'work',
  name: 'Work',
  kind: 'fixed',
  from: 0,
  to: 0,
  durationMs: null,
  schedule: null,
  affects: [],
  spares: [],
  reason: '',
  source: 'desk',
  by: 'ann',
  createdAt: 0,
  startedAt: null,
  endedAt: null,
  cancelledAt: null,
  skipped: [],
};
export const during = (from: number, to: number, affects: string[], more: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  ...work,
  from: from * MINUTE,
  to: to * MINUTE,
  affects,
  ...more,
});
export interface World {
  subjects: Subject[];
  checks: PlannedCheck[];
  told: Record<string, string>;
  gaps?: [number, number][];
  windows?: MaintenanceWindow[];
  from?: number;
  to?: number;
  only?: string[];
}
export const report = ({ subjects, checks, told, gaps = [], windows = [], from = 0, to = 10, only }: World) =>
  uptimeOf({
    plan: { subjects, checks },
    from: from * MINUTE,
    to: to * MINUTE,
    spells: new Map(Object.entries(told).map(([id, text]) => [id, spells(text)])),
    gaps: gaps.map(([a, b]) => ({ from: a * MINUTE, to: b * MINUTE })),
    windows,
    subjects: only ?? null,
  });
export const lineOf = (world: World, id: string): UptimeLine => {
  const line = report(world).lines.find((it) => it.id === id);
  if (!line) throw new Error(`no line ${id}`);
  return line;
};
export const total = (parts: UptimeParts): number => Object.values(parts).reduce((a, b) => a + b, 0);
