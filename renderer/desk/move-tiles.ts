/** Arrow keys between tiles: left and right in reading order, up and down to the nearest tile of the next row, over all three grids. */

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';
export const isArrow = (key: string): key is Arrow =>
  key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown';

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * @param boxes of all tiles in reading order
 * @param from index of the tile that has the focus
 * @returns index of the tile to go to; `from` where there is none that way
 */
export function nextTile(boxes: readonly Box[], from: number, arrow: Arrow): number {
  if (arrow === 'ArrowLeft') return Math.max(0, from - 1);
  if (arrow === 'ArrowRight') return Math.min(boxes.length - 1, from + 1);
  const here = boxes[from];
  if (!here) return from;
  const centre = here.left + here.width / 2;
  const down = arrow === 'ArrowDown';
  let best = from;
  let bestRow = Number.POSITIVE_INFINITY;
  let bestAside = Number.POSITIVE_INFINITY;
  boxes.forEach((box, index) => {
    const row = down ? box.top - here.top : here.top - box.top;
    if (row < here.height / 2) return;
    const aside = Math.abs(box.left + box.width / 2 - centre);
    if (row < bestRow - 2 || (row <= bestRow + 2 && aside < bestAside)) {
      best = index;
      bestRow = row;
      bestAside = aside;
    }
  });
  return best;
}

/** Moves the focus. @returns whether there was a tile to move from */
export function moveFocus(root: ParentNode, arrow: Arrow): boolean {
  const tiles = [...root.querySelectorAll<HTMLElement>('[data-tile]')];
  const from = tiles.indexOf(document.activeElement as HTMLElement);
  if (from < 0) return false;
  const boxes = tiles.map((tile) => tile.getBoundingClientRect());
  tiles[nextTile(boxes, from, arrow)]?.focus();
  return true;
}
