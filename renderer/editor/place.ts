/** Where things of the editor are on the page: the text of a section, and how to put the cursor into it. */

export const textOf = (root: ParentNode | null, key: string): HTMLTextAreaElement | null =>
  root?.querySelector<HTMLTextAreaElement>(`[data-text="${CSS.escape(key)}"]`) ?? null;

/** Puts the cursor to some words (or marks them), and brings them into sight. @returns false where the text is not shown */
export function goTo(root: ParentNode | null, key: string, from: number, to = from): boolean {
  const area = textOf(root, key);
  if (!area) return false;
  area.focus({ preventScroll: true });
  area.setSelectionRange(from, to);
  reveal(area, from);
  return true;
}

/** A text area that grows has no scroll bar, so nothing brings its cursor into sight but the page around it. */
function reveal(area: HTMLTextAreaElement, at: number): void {
  const scroller = area.closest<HTMLElement>('[data-scroll]');
  if (!scroller) return;
  const below = heightOf(area, at);
  // A long text has a scroll bar of its own all the same.
  if (area.scrollHeight > area.clientHeight + 2) area.scrollTop = below - area.clientHeight / 2;
  const top = area.getBoundingClientRect().top + below - area.scrollTop;
  const { top: first, bottom: last } = scroller.getBoundingClientRect();
  if (top > first + 40 && top < last - 60) return;
  scroller.scrollBy({ top: top - (first + last) / 2 });
}

/** How far below the top of a text area a position is drawn: measured on a copy of it. */
function heightOf(area: HTMLTextAreaElement, at: number): number {
  const copy = document.createElement('div');
  const style = getComputedStyle(area);
  for (const name of ['font', 'letterSpacing', 'padding', 'border', 'boxSizing', 'lineHeight', 'fontFeatureSettings'] as const)
    copy.style[name] = style[name];
  Object.assign(copy.style, {
    position: 'fixed',
    visibility: 'hidden',
    width: `${area.offsetWidth}px`,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'break-word',
  });
  copy.textContent = area.value.slice(0, at);
  const end = document.createElement('span');
  end.textContent = '\u200b';
  copy.append(end);
  document.body.append(copy);
  const height = end.offsetTop;
  copy.remove();
  return height;
}
