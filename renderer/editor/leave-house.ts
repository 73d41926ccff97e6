/** Takes a document out of the house: to a file, or to the clipboard; then the timeline says so. */
import { formatFacts } from '../../shared/documents/formats.ts';
import type { DocumentFormat } from '../../shared/model/document.ts';
import { copyText } from '../detail/copy-text.ts';
import type { Left } from '../incidents/ExportFrame.tsx';
import { engine } from '../state/connect.ts';
import { desktop } from '../state/desktop.ts';
import { copyRich, richOf } from './copy-rich.ts';
import type { Session } from './session.ts';
import { shortOf } from './short-form.ts';

export type WayOut = { kind: 'file'; format: DocumentFormat } | { kind: 'copy'; as: 'rich' | 'markdown' | 'short' };

const notCopied = 'The clipboard could not be written. Export a file instead, or mark the preview and copy it by hand.';

/** Everything typed is saved first: what is read is what goes out. */
export async function leaveHouse(session: Session, way: WayOut, by: string): Promise<Left> {
  if (!(await session.saver.flush())) {
    const { save } = session.store.getState();
    return {
      done: false,
      why: `What you typed is not saved yet, so it would be missing. ${'text' in save ? save.text : 'Try again in a moment.'}`,
    };
  }
  const gone = way.kind === 'file' ? await toFile(session.id, way.format) : await toClipboard(session, way.as);
  if (!gone.done) return gone;
  const { title } = session.store.getState();
  const noted = await engine.exported({ title: title.slice(0, 300), format: way.kind === 'file' ? way.format : `copy ${way.as}`, by });
  return noted.ok ? gone : { done: true, tone: 'bad', text: `${gone.text} The timeline does not say so: ${noted.failure.text}` };
}

async function toFile(document: string, format: DocumentFormat): Promise<Left> {
  const made = await engine.exportDocument({ document, format });
  if (!made.ok) return { done: false, why: made.failure.text };
  const { fileName, text, base64 } = made.value;
  const saved = await desktop.saveDocument({ fileName, format, text, base64 });
  if (!saved.ok) return { done: false, why: saved.failure.text };
  return saved.value === null ? { done: false, why: null } : { done: true, tone: 'good', text: `Saved to ${saved.value.file}.` };
}

async function toClipboard(session: Session, as: 'rich' | 'markdown' | 'short'): Promise<Left> {
  if (as === 'short') {
    const short = shortOf(session.store.getState().sections) ?? '';
    return (await copyText(short)) ? copied('The short form is on the clipboard.') : { done: false, why: notCopied };
  }
  const made = await Promise.all(
    (as === 'rich' ? (['html', 'text'] as const) : (['markdown'] as const)).map((format) =>
      engine.exportDocument({ document: session.id, format }),
    ),
  );
  const texts: string[] = [];
  for (const it of made) {
    if (!it.ok) return { done: false, why: it.failure.text };
    texts.push(it.value.text ?? '');
  }
  const [first = '', second = ''] = texts;
  const done = as === 'rich' ? copyRich(richOf(first), second) : await copyText(first);
  if (!done) return { done: false, why: notCopied };
  return copied(as === 'rich' ? 'The document is on the clipboard.' : `The document is on the clipboard, as ${formatFacts.markdown.name}.`);
}

const copied = (text: string): Left => ({ done: true, tone: 'good', text });
