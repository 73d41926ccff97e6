/** What would be drafted in the middle of a drill: nothing that was not known yet, and nothing false. */
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { draftsOf } from '../../../electron/drill/drafts.ts';
import { play } from '../../../electron/drill/player.ts';
import { type ReadScenario, readScenario } from '../../../electron/drill/read.ts';
import { linesOf, scoreOf } from '../../../shared/scenario/score.ts';
import { drillFolder, until } from '../../drills/play.ts';

const readAs = async (file: string): Promise<ReadScenario> => {
  const read = await readScenario(join(drillFolder, file));
  if (!read.ok) throw new Error(JSON.stringify(read.failure, null, 1));
  return read.value;
};
/** "03:24" on the day on which a drill begins. */
const momentOn = ({ start, inventory }: ReadScenario, text: string): number => {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return DateTime.fromMillis(start, { zone: inventory.plan.organization.timezone })
    .set({ hour, minute, second: 0, millisecond: 0 })
    .toMillis();
};
const timesIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\d:])(\d{1,2}:\d{2})(?::\d{2})?(?![\d:])/g)].map((found) => (found[1] ?? '').padStart(5, '0'));

describe.each([
  ['upstream-drops-prefixes.yaml', ['03:10', '04:30', '06:20']],
  ['mail-cannot-be-read.yaml', ['07:50', '08:20', '08:45']],
])('%s', (file, moments) => {
  it.each(moments)('a status update at %s', { timeout: 120_000 }, async (moment) => {
    const read = await readAs(file);
    const at = momentOn(read, moment);
    const result = await play(until(read, at));
    if (!result.ok) throw new Error(result.failure.code);
    const played = result.value;
    const drafts = draftsOf(played, ['status-update', 'post-mortem']);
    played.close();
    expect(drafts.map(({ kind }) => kind)).toEqual(['post-mortem', 'status-update']);
    expect(drafts.find(({ kind }) => kind === 'status-update')?.options.update).toBe('next');
    const documents = drafts.map(({ kind, draft }) => ({ kind, lines: linesOf(draft) }));
    const scores = scoreOf(read.scenario, documents);
    expect(scores.flatMap(({ kind, wrong }) => wrong.map(({ fact, text }) => `${kind}: ${fact}: ${text}`))).toEqual([]);

    // What people announced by then ("next at 05:00") may lie ahead; nothing else does.
    const announced = new Set(read.deeds.filter((it) => it.at <= at).flatMap(({ deed }) => timesIn(JSON.stringify(deed))));
    const ahead = documents.flatMap(({ kind, lines }) =>
      lines.flatMap(({ text }) =>
        timesIn(text)
          .filter((time) => time > moment && !announced.has(time))
          .map((time) => `${kind}: ${time}: ${text}`),
      ),
    );
    expect(ahead).toEqual([]);
    // Nor does it quote what nobody has said yet.
    const unsaid = read.deeds
      .filter((it) => it.at > at)
      .flatMap(({ deed }) => ('text' in deed && deed.text !== undefined ? [deed.text] : []));
    expect(documents.flatMap(({ lines }) => lines.filter(({ text }) => unsaid.some((words) => text.includes(words))))).toEqual([]);
  });

  it('at its end states more than in its middle', { timeout: 120_000 }, async () => {
    const read = await readAs(file);
    const stated = async (cut: ReadScenario): Promise<number> => {
      const result = await play(cut);
      if (!result.ok) throw new Error(result.failure.code);
      const drafts = draftsOf(result.value);
      result.value.close();
      const scores = scoreOf(
        read.scenario,
        drafts.map(({ kind, draft }) => ({ kind, lines: linesOf(draft) })),
      );
      return scores.reduce((sum, it) => sum + it.stated.length, 0);
    };
    expect(await stated(read)).toBeGreaterThan(await stated(until(read, momentOn(read, moments[0] ?? ''))));
  });
});
