/** Takes a quick report out of the house: as a Markdown or HTML file, or on the clipboard. The timeline says who did it. */
import { Code2, Copy, FileText } from 'lucide-react';
import type { Draft } from '../../shared/incident/draft.ts';
import { count } from '../../shared/text.ts';
import { copyText } from '../detail/copy-text.ts';
import { engine } from '../state/connect.ts';
import { desktop } from '../state/desktop.ts';
import { ExportFrame, type Left, type Way } from './ExportFrame.tsx';
import { countDraft } from './evidence.ts';

type ExportAs = 'markdown' | 'html' | 'copy';
export interface Finished {
  draft: Draft;
  markdown: string;
  html: string;
  fileName: string;
}

/** Writes the file or the clipboard, then the line of the timeline. */
async function send(as: ExportAs, finished: Finished, by: string): Promise<Left> {
  let text: string;
  if (as === 'copy') {
    if (!(await copyText(finished.markdown)))
      return { done: false, why: 'The clipboard could not be written. Open the Markdown tab, mark the text and copy it by hand.' };
    text = 'The report is on the clipboard, as Markdown.';
  } else {
    const saved = await desktop.saveDraft({
      fileName: finished.fileName,
      format: as,
      content: as === 'html' ? finished.html : finished.markdown,
    });
    if (!saved.ok) return { done: false, why: saved.failure.text };
    if (saved.value === null) return { done: false, why: null };
    text = `Saved to ${saved.value.file}.`;
  }
  const noted = await engine.exported({ title: finished.draft.title.slice(0, 300), format: as, by });
  return noted.ok
    ? { done: true, text, tone: 'good' }
    : { done: true, text: `${text} The timeline does not say so: ${noted.failure.text}`, tone: 'bad' };
}

export function ExportDialog({ finished, onClose }: { finished: Finished; onClose(): void }) {
  const { gaps } = countDraft(finished.draft);
  const open = `${count(gaps.length, 'gap is', 'gaps are')} still open. ${gaps.length === 1 ? 'It goes' : 'They go'} out marked, for you to fill in.`;
  const go = (as: ExportAs) => (by: string) => send(as, finished, by);
  const ways: Way[] = [
    { label: 'Markdown file…', help: 'for a ticket, a wiki, a repository', icon: <FileText />, go: go('markdown') },
    { label: 'HTML file…', help: 'to read in a browser, to print, to mail', icon: <Code2 />, go: go('html') },
    { label: 'Copy as Markdown', help: 'to the clipboard', icon: <Copy />, go: go('copy') },
  ];
  return (
    <ExportFrame
      title="Export the report"
      of={finished.draft.title}
      warnings={gaps.length > 0 ? [open] : []}
      groups={[{ title: null, ways }]}
      onClose={onClose}
    />
  );
}
