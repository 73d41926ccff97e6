/** Goes from gap to gap: marks it in the text, so that what is typed takes its place. */
import { goTo } from './place.ts';
import { gapsOf, nextGap, type PlacedGap } from './section-facts.ts';
import type { Session } from './session.ts';

/** @returns false where there is none */
export function goToNextGap(session: Session, root: ParentNode | null): boolean {
  const { sections, caret } = session.store.getState();
  const gaps = gapsOf(sections);
  const next = nextGap(
    gaps,
    sections.map((it) => it.key),
    caret,
  );
  const gap = gaps[next];
  if (!gap) return false;
  session.store.setState({ caret: { key: gap.key, at: gap.from } });
  showGap(root, gap);
  return true;
}

/** Marks a gap in the text; where there is only the preview, brings it into sight there. */
export function showGap(root: ParentNode | null, gap: PlacedGap): void {
  if (goTo(root, gap.key, gap.from, gap.to)) return;
  const chunks = [...(root?.querySelectorAll<HTMLElement>(`[data-read="${CSS.escape(gap.key)}"] > [data-begins]`) ?? [])];
  const chunk = chunks.find((it) => Number(it.dataset.begins) <= gap.from && gap.from < Number(it.dataset.ends));
  chunk?.scrollIntoView({ block: 'nearest' });
  // What is far away is drawn once it is near.
  setTimeout(() => {
    const isIt = (it: HTMLElement): boolean =>
      Number(it.closest<HTMLElement>('[data-from]')?.dataset.from) + Number.parseInt(it.dataset.at ?? '', 10) === gap.from;
    [...(chunk?.querySelectorAll<HTMLElement>('[data-gap]') ?? [])].find(isIt)?.scrollIntoView({ block: 'center' });
  }, 60);
}
