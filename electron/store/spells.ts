/** How every check stood over time: one row per change. */
import type { DatabaseSync } from 'node:sqlite';
import type { StandingSpell } from '../../shared/uptime/compute.ts';
import { hourMs, hourOf, packStanding } from './codec.ts';
import type { Row, RowReader } from './rows.ts';

/** From `at` (epoch ms) on the check stands so, until its next spell. */
export interface Spell extends StandingSpell {
  check: string;
}

/** @returns writes spells in their order; must run within a transaction */
export function spellWriter(db: DatabaseSync): (spells: readonly Spell[]) => void {
  // A problem is known some attempts after its first symptom: what was written since then is taken back.
  const drop = db.prepare('DELETE FROM spells WHERE check_id = ? AND at >= ?');
  const put = db.prepare(`INSERT INTO spells SELECT ?1, ?2, ?3
    WHERE ?3 IS NOT (SELECT standing FROM spells WHERE check_id = ?1 AND at < ?2 ORDER BY at DESC LIMIT 1)`);
  return (spells) => {
    for (const { check, at, standing } of spells) {
      drop.run(check, at);
      put.run(check, at, packStanding(standing));
    }
  };
}

export interface SpellReader {
  /**
   * The spells of some checks (null = of every check there is a spell of) between two moments, epoch ms, both ends included, oldest
   * first, each list beginning with the one in force at `from` where there is one. Every check asked for has an entry.
   */
  spells(checks: readonly string[] | null, from: number, to: number): Map<string, StandingSpell[]>;
}

export function spellReader(db: DatabaseSync, rows: RowReader): SpellReader {
  const after = nextCheck(db);
  const within = db.prepare(`SELECT at, standing FROM spells WHERE check_id = ?1
    AND at BETWEEN coalesce((SELECT max(at) FROM spells WHERE check_id = ?1 AND at <= ?2), ?2) AND ?3 ORDER BY at`);
  const all = (): string[] => {
    const found: string[] = [];
    for (let id = after(''); id !== null; id = after(id)) found.push(id);
    return found;
  };
  return {
    spells: (checks, from, to) =>
      new Map((checks ?? all()).map((check) => [check, within.all(check, from, to).map((row) => rows.spell(row as Row))])),
  };
}

/** The check after another in the order of the table: one step into its index, however many spells there are. */
function nextCheck(db: DatabaseSync): (check: string) => string | null {
  const next = db.prepare('SELECT min(check_id) AS id FROM spells WHERE check_id > ?');
  return (check) => (next.get(check)?.id as string | null | undefined) ?? null;
}

/** Spells of one check that are deleted in one go. */
const stride = 2_000;

/**
 * @returns deletes a little of what is older than it is kept; the spell in force at the cut stays, so that what follows is told whole.
 * Must run within a transaction. True when there was something to look at.
 */
export function spellPruner(db: DatabaseSync): (now: number, keptMs: number, checkBudget: number) => boolean {
  const after = nextCheck(db);
  const drop = db.prepare(`DELETE FROM spells WHERE check_id = ?1 AND at < (SELECT max(at) FROM spells WHERE check_id = ?1 AND at <= ?2)
    AND at < coalesce((SELECT at FROM spells WHERE check_id = ?1 ORDER BY at LIMIT 1 OFFSET ${stride}), ?2)`);
  /** Everything before this hour is gone; while a round is under way, `place` is the check it has come to. */
  let doneHour = Number.NEGATIVE_INFINITY;
  let place = '';
  return (now, keptMs, checkBudget) => {
    const cutHour = hourOf(now - keptMs);
    if (cutHour <= doneHour) return false;
    for (let looked = 0; looked < checkBudget; looked += 1) {
      const check = after(place);
      if (check === null) {
        doneHour = cutHour;
        place = '';
        return looked > 0;
      }
      // A long history goes in several steps.
      if (Number(drop.run(check, cutHour * hourMs).changes) >= stride) return true;
      place = check;
    }
    return true;
  };
}
