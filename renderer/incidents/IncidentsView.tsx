/** The screen "Incidents": the list, one of them, the quick report, or the editor of a document. */
import { lazy, Suspense } from 'react';
import { useView } from '../state/view.ts';
import { IncidentList } from './IncidentList.tsx';
import { IncidentPage } from './IncidentPage.tsx';
import { QuickReport } from './QuickReport.tsx';

/** Comes with the whole of Markdown. */
const EditorView = lazy(() => import('../editor/EditorView.tsx'));

export function IncidentsView() {
  const editing = useView((view) => view.editing);
  const page = useView((view) => view.incidents);
  if (editing !== null)
    return (
      <Suspense fallback={null}>
        <EditorView key={editing} />
      </Suspense>
    );
  switch (page.kind) {
    case 'report':
      return <QuickReport />;
    case 'incident':
      return <IncidentPage key={page.id} id={page.id} />;
    default:
      return <IncidentList />;
  }
}
