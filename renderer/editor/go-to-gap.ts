/** Goes from gap to gap: marks it in the text, so that what is typed takes its place. */
import { goTo } from './place.ts';
import { gapsOf, nextGap } from './section-facts.ts';
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
  // Only read: there is no text to put the cursor into.
  if (!goTo(root, gap.key, gap.from, gap.to))
    root?.querySelectorAll<HTMLElement>('[data-read] [data-gap]')[next]?.scrollIntoView({ block: 'center' });
  return true;
}
