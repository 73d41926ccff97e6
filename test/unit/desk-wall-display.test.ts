import { describe, expect, it } from 'vitest';
import { displayForWall } from '../../electron/desk/wall-display.ts';

const display = (id: number) => ({ id, label: `display ${id}` });

describe('the display for the wall', () => {
  const table: [what: string, wanted: number | null, displays: number[], primary: number, chosen: number, fellBack: boolean][] = [
    ['the wanted one', 3, [1, 2, 3], 1, 3, false],
    ['the wanted one, though it is the main one', 1, [1, 2], 1, 1, false],
    ['without a wish: a second one', null, [1, 2, 3], 1, 2, false],
    ['without a wish, the main one listed last: another one', null, [5, 9], 9, 5, false],
    ['without a wish: the only one', null, [1], 1, 1, false],
    ['a wanted one that is missing: a second one, and says so', 7, [1, 2], 1, 2, true],
    ['a wanted one that is missing: the only one, and says so', 7, [1], 1, 1, true],
    ['an id of 0 is an id', 0, [4, 0], 4, 0, false],
  ];
  it.each(table)('%s', (_what, wanted, ids, primary, chosen, fellBack) => {
    expect(displayForWall(wanted, ids.map(display), primary)).toEqual({ display: display(chosen), fellBack });
  });
});
