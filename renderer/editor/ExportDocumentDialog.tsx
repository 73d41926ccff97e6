/** The ways of a document out of the house: the clipboard, and files of every format that it comes in. Gaps that are open are said first. */
import { Copy, FileText } from 'lucide-react';
import { useStore } from 'zustand';
import { formatFacts, formatsOf } from '../../shared/documents/formats.ts';
import { countGaps } from '../../shared/documents/gaps.ts';
import { mostShort } from '../../shared/incident/drafts/status-update.ts';
import { count } from '../../shared/text.ts';
import { ExportFrame, type Way } from '../incidents/ExportFrame.tsx';
import { leaveHouse, type WayOut } from './leave-house.ts';
import type { Session } from './session.ts';
import { lengthOfUpdate, shortKey } from './short-form.ts';

export function ExportDocumentDialog({ session, onClose }: { session: Session; onClose(): void }) {
  const { document: paper, title, sections } = useStore(session.store);
  const gaps = countGaps({ sections });
  const short = sections.find((it) => it.key === shortKey);
  const shortLength = short ? lengthOfUpdate(short.text) : null;
  const warnings = [
    ...(gaps > 0
      ? [
          `${count(gaps, 'gap is', 'gaps are')} still open. ${gaps === 1 ? 'It goes out as it stands' : 'They go out as they stand'}, marked “TO FILL”.`,
        ]
      : []),
    ...(shortLength !== null && shortLength > mostShort
      ? [`The short form has ${shortLength} of ${mostShort} characters: it is too long for a message.`]
      : []),
  ];
  const way = (out: WayOut, label: string, help: string, icon = <Copy />): Way => ({
    label,
    help,
    icon,
    go: (by) => leaveHouse(session, out, by),
  });
  return (
    <ExportFrame
      title="Export the document"
      of={title.trim() || paper.title}
      warnings={warnings}
      groups={[
        {
          title: 'To the clipboard',
          ways: [
            way({ kind: 'copy', as: 'rich' }, 'Copy as rich text', 'for mail and word processors'),
            way({ kind: 'copy', as: 'markdown' }, 'Copy as Markdown', `for ${formatFacts.markdown.use}`),
            ...(shortLength !== null
              ? [way({ kind: 'copy', as: 'short' }, 'Copy the short form', `${shortLength} of ${mostShort} characters`)]
              : []),
          ],
        },
        {
          title: 'To a file',
          ways: formatsOf(paper.kind).map((format) =>
            way({ kind: 'file', format }, `${formatFacts[format].name}…`, `for ${formatFacts[format].use}`, <FileText />),
          ),
        },
      ]}
      onClose={onClose}
    />
  );
}
