/**
 * How a panel of the wall uses its place: the worst as large cards on top, all others as cells with names, as large as they fit; too
 * many for names become dots; too many for dots, only the count in the heading. Nothing ever scrolls. Pure; all measures in px.
 */

export interface Room {
  width: number;
  height: number;
  /** Root font size: large cards are measured in it. */
  rem: number;
}

export interface Fit {
  /** Large cards, worst first. */
  cards: number;
  cardColumns: number;
  mode: 'names' | 'dots' | 'count';
  /** Whether the newest value has its place beside each name. */
  values: boolean;
  /** Of one cell: its height (names) or its diameter (dots). */
  size: number;
  columns: number;
  gap: number;
}

export const cardHeightRem = 5.5;
const cardWidthRem = 17;
const gapRem = 0.4;
/** Cards may take this share of a panel while there is something else to show. */
const cardShare = 0.5;
const largestName = 2.6;
/** Below this a name cannot be read from a few metres away. */
const smallestName = 1.2;
/** Of the height of a cell: its letters; of its letters: how wide one is, and what mark and edges take. */
const letterShare = 0.44;
const letterWidth = 0.6;
const besideName = 3.2;
const valueWidth = 4.2;
/** Longer names are cut; one of them must not make all others small. */
const longestName = 20;
const largestDot = 1.4;
const smallestDotPx = 5;

/**
 * @param trouble how many of `total` want a large card
 * @param total tiles of the panel
 * @param letters of the longest name
 */
export function fitPanel({ width, height, rem }: Room, trouble: number, total: number, letters: number): Fit {
  const gap = gapRem * rem;
  const cardColumns = Math.max(1, Math.floor((width + gap) / (cardWidthRem * rem + gap)));
  const cardRow = cardHeightRem * rem + gap;
  const onlyTrouble = trouble === total;
  const rowsFor = (share: number) => Math.floor((height * share + gap) / cardRow);
  const wanted = Math.ceil(trouble / cardColumns);
  const rows = onlyTrouble && wanted <= rowsFor(1) ? wanted : Math.min(wanted, Math.max(1, rowsFor(cardShare)));
  const cards = Math.min(trouble, rows * cardColumns);
  const left = height - Math.ceil(cards / cardColumns) * cardRow;
  const cells = total - cards;
  return { cards, cardColumns, ...fitCells(width, left, rem, cells, Math.min(letters, longestName)) };
}

function fitCells(
  width: number,
  height: number,
  rem: number,
  cells: number,
  letters: number,
): Pick<Fit, 'mode' | 'size' | 'columns' | 'gap' | 'values'> {
  const gap = gapRem * rem;
  if (cells === 0) return { mode: 'names', size: largestName * rem, columns: 1, gap, values: false };
  for (let size = largestName * rem; size >= smallestName * rem; size -= 0.05 * rem) {
    const space = Math.min(gap, size * 0.2);
    const rows = Math.floor((height + space) / (size + space));
    if (rows === 0) continue;
    // As few columns as the height allows: a name with place around it reads best.
    const columns = Math.ceil(cells / rows);
    const each = (width + space) / columns - space;
    const needed = size * letterShare * (letters * letterWidth + besideName);
    if (each >= needed) return { mode: 'names', size, columns, gap: space, values: each >= needed + size * letterShare * valueWidth };
  }
  for (let size = largestDot * rem; size >= smallestDotPx; size -= 0.5) {
    const space = size * 0.4;
    const columns = Math.floor((width + space) / (size + space));
    if (columns > 0 && Math.ceil(cells / columns) * (size + space) - space <= height)
      return { mode: 'dots', size, columns, gap: space, values: false };
  }
  return { mode: 'count', size: 0, columns: 1, gap, values: false };
}

/** Where the picture sits, against burn-in: a slow walk round a small square, one step every three minutes. */
export function shiftAt(now: number): { x: number; y: number } {
  const walk = [0, 1, 2, 2, 2, 1, 0, 0];
  const step = Math.floor(now / 180_000) % walk.length;
  return { x: (walk[step] ?? 0) * 3 - 3, y: (walk[(step + 2) % walk.length] ?? 0) * 3 - 3 };
}
