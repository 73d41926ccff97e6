/** The documents of an incident: those that were begun, and buttons to begin the others. */
import { FileText } from 'lucide-react';
import { useState } from 'react';
import type { DocumentInfo } from '../../shared/contract.ts';
import { documentTitles } from '../../shared/incident/drafts/index.ts';
import type { DocumentKind } from '../../shared/model/document.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { count } from '../../shared/text.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { untilText } from '../maintenance/window-words.ts';
import { useNow } from '../state/clock.ts';
import { eventNames } from '../state/derive.ts';
import { useLive, useZone } from '../state/live.ts';
import { openEditor } from '../state/view.ts';
import { beginDocument } from './begin-document.ts';
import css from './IncidentSide.module.css';
import { SidePart } from './SidePart.tsx';

/** Those about an incident; announcements are about planned work. */
const kinds: DocumentKind[] = ['post-mortem', 'customer-report', 'status-update', 'provider-ticket', 'sla-credit'];
/** There is one of these at most. */
const single = new Set<DocumentKind>(['post-mortem', 'customer-report']);

export function Documents({ incident, documents }: { incident: Incident; documents: readonly DocumentInfo[] }) {
  const zone = useZone();
  const now = useNow('quarter');
  const names = useLive((live) => eventNames(live.tables));
  const [busy, setBusy] = useState<DocumentKind | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const begin = async (kind: DocumentKind) => {
    setBusy(kind);
    setFailure(await beginDocument(incident.id, kind));
    setBusy(null);
  };
  const wanted = kinds.filter((kind) => !single.has(kind) || !documents.some((it) => it.kind === kind));
  return (
    <SidePart title="Documents">
      {failure && (
        <Notice tone="bad" title="It could not be drafted.">
          {failure}
        </Notice>
      )}
      {documents.map((it) => (
        <button key={it.id} type="button" className={css.document} onClick={() => openEditor(it.id)}>
          <FileText aria-hidden />
          <span>{it.options.provider ? `${documentTitles[it.kind]}: ${names.byId(it.options.provider)}` : documentTitles[it.kind]}</span>
          <span className={css.soft}>
            {it.options.update && `${it.options.update} · `}
            saved {untilText(it.savedAt, zone, now)} by {it.savedBy}
            {it.gaps > 0 && <span className={css.gaps}> · {count(it.gaps, 'gap')} left</span>}
          </span>
        </button>
      ))}
      {incident.mergedInto === null && (
        <fieldset className={css.begin} aria-label="Begin a document">
          {wanted.map((kind) => (
            <Button key={kind} busy={busy === kind} {...(kind === 'post-mortem' ? { keyHint: 'd' } : {})} onClick={() => void begin(kind)}>
              {documentTitles[kind]}
            </Button>
          ))}
        </fieldset>
      )}
    </SidePart>
  );
}
