import type { Session } from './session.ts';

/** Adds an empty section, and puts the cursor into its title. */
export function addSection(session: Session, at: number): void {
  const key = `own-${crypto.randomUUID()}`;
  if (!session.step({ kind: 'insert', at, section: { key, title: '', drafted: '', text: '' } })) return;
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>(`[data-title="${key}"]`)?.focus());
}
