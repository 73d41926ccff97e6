/**
 * Chooses the display for the wall: the wanted one; else a second one; else the only one.
 * @returns `fellBack` when a display was wanted that is not there
 */
export function displayForWall<D extends { id: number }>(
  wanted: number | null,
  displays: D[],
  primaryId: number,
): { display: D; fellBack: boolean } {
  const found = displays.find((display) => display.id === wanted);
  const second = displays.find((display) => display.id !== primaryId);
  return { display: (found ?? second ?? displays[0]) as D, fellBack: wanted !== null && !found };
}
