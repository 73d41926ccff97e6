/** Adding, moving and removing sections, each with the step that takes it back. What was typed meanwhile stays. Pure. */
import type { DocumentSection } from '../../shared/model/document.ts';

export type Step =
  | { kind: 'insert'; at: number; section: DocumentSection }
  | { kind: 'remove'; key: string }
  | { kind: 'move'; key: string; to: number };

/** The most sections that a document can be saved with (shared/contract.ts). */
export const mostSections = 60;

/** @returns the sections after the step, and the step that takes it back; null where there is nothing to do */
export function takeStep(sections: readonly DocumentSection[], step: Step): { sections: DocumentSection[]; back: Step } | null {
  const all = [...sections];
  if (step.kind === 'insert') {
    if (all.length >= mostSections || all.some((it) => it.key === step.section.key)) return null;
    all.splice(Math.max(0, Math.min(step.at, all.length)), 0, step.section);
    return { sections: all, back: { kind: 'remove', key: step.section.key } };
  }
  const from = all.findIndex((it) => it.key === step.key);
  const section = all[from];
  if (!section) return null;
  all.splice(from, 1);
  if (step.kind === 'remove') return { sections: all, back: { kind: 'insert', at: from, section } };
  const to = Math.max(0, Math.min(step.to, all.length));
  if (to === from) return null;
  all.splice(to, 0, section);
  return { sections: all, back: { kind: 'move', key: step.key, to: from } };
}

/** "remove “Impact”": what taking back a step does. */
export function stepWords(step: Step, titleOf: (key: string) => string): string {
  const name = (title: string) => (title.trim() === '' ? 'a section' : `“${title.trim()}”`);
  if (step.kind === 'insert') return `Bring back ${name(step.section.title)}`;
  return step.kind === 'remove' ? `Take out ${name(titleOf(step.key))}` : `Move ${name(titleOf(step.key))} back`;
}
