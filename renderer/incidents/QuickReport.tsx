/** "Draft incident report" in one go, without an incident: choose alerts or a stretch of time on the left, read the draft in the middle, see its evidence on the right, export. */
import { Tabs } from '@base-ui/react/tabs';
import { lazy, Suspense, useState } from 'react';
import { create } from 'zustand';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { useLive, useZone } from '../state/live.ts';
import { useSettled } from '../state/use-settled.ts';
import { useView } from '../state/view.ts';
import { Back } from './Back.tsx';
import { DraftChooser } from './DraftChooser.tsx';
import { DraftDocument } from './DraftDocument.tsx';
import { type DraftForm, type DraftInput, draftAsk } from './draft-form.ts';
import { EvidencePanel } from './EvidencePanel.tsx';
import { ExportDialog, type Finished } from './ExportDialog.tsx';
import type { Said } from './evidence.ts';
import css from './Incidents.module.css';

const MarkdownPreview = lazy(() => import('./MarkdownPreview.tsx'));

/** What was typed stays while another screen is looked at. */
const useForm = create<Omit<DraftForm, 'chosen' | 'zone'> & { zone: string | null }>(() => ({
  by: 'alerts',
  from: '',
  to: '',
  title: '',
  zone: null,
}));

/** Typing settles for so long before a draft is asked for. */
const settleMs = 350;
/** A draft of trouble that is still open is made anew at this pace. */
const renewMs = 30_000;

export function QuickReport() {
  const ours = useZone();
  const chosen = useView((view) => view.chosen);
  const form = useForm();
  const [marked, setMarked] = useState<{ key: string; said: Said } | null>(null);
  const full: DraftForm = { ...form, zone: form.zone ?? ours, chosen };
  const what = draftAsk(full);
  // As text: a new object that says the same is no change.
  const settled = useSettled(JSON.stringify('ask' in what ? what.ask : null), settleMs);
  const ask = JSON.parse(settled) as DraftInput | null;
  const open = useLive((live) => chosen.some((id) => live.tables.alerts[id]?.endedAt === null));
  const asked = useAsk<Finished & { from: DraftInput }>(
    ask ? 'draft' : null,
    async () => {
      const from = ask ?? { alerts: [], from: null, to: null, title: null, zone: 'UTC' };
      const reply = await engine.draft(from);
      return reply.ok ? { ok: true, value: { ...reply.value, from } } : reply;
    },
    { version: settled, ...(open ? { everyMs: renewMs } : {}) },
  );
  const finished = 'ask' in what ? asked.value : null;
  /** A draft of what was chosen before: still to be read, not to be exported. */
  const old = finished !== null && 'ask' in what && JSON.stringify(finished.from) !== JSON.stringify(what.ask);
  const draft = finished?.draft ?? null;
  /** The draft as it stood when Export was pressed: what is read is what is exported. */
  const [exporting, setExporting] = useState<Finished | null>(null);

  return (
    <Tabs.Root className={css.view} defaultValue="report" render={<section aria-labelledby="incidents-title" />}>
      <header className={css.head}>
        <Back />
        <h2 className={css.viewTitle} id="incidents-title">
          Quick report
        </h2>
        <Tabs.List className={css.tabs} aria-label="How to look at it">
          <Tabs.Tab className={css.tab} value="report">
            Report
          </Tabs.Tab>
          <Tabs.Tab className={css.tab} value="preview">
            Preview
          </Tabs.Tab>
          <Tabs.Tab className={css.tab} value="markdown">
            Markdown
          </Tabs.Tab>
        </Tabs.List>
        <Button variant="primary" disabled={!finished || old} onClick={() => setExporting(finished)}>
          Export…
        </Button>
        {exporting && <ExportDialog finished={exporting} onClose={() => setExporting(null)} />}
      </header>
      <div className={css.columns}>
        <DraftChooser form={full} problem={'problem' in what ? what : null} onChange={(change) => useForm.setState(change)} />
        <div className={css.middle} data-old={old ? '' : undefined} aria-busy={old}>
          {asked.failure && (
            <Notice tone="bad" title="The draft could not be made." actions={<Button onClick={asked.again}>Try again</Button>}>
              {asked.failure}
            </Notice>
          )}
          {!draft && !asked.failure && (
            <div className={css.empty}>
              {'ask' in what ? (
                <p>Writing the draft…</p>
              ) : (
                <>
                  <p className={css.emptyTitle}>Nothing to draft yet</p>
                  <p>
                    {'problem' in what ? 'The stretch of time is not complete.' : 'Choose alerts or a time range.'} The draft appears here,
                    and every sentence of it can show what it rests on.
                  </p>
                </>
              )}
            </div>
          )}
          {draft && finished && (
            <>
              <Tabs.Panel value="report" tabIndex={-1}>
                <DraftDocument draft={draft} marked={marked?.key ?? null} onMark={(key, said) => setMarked({ key, said })} />
              </Tabs.Panel>
              <Tabs.Panel value="preview" tabIndex={-1}>
                <Suspense fallback={<p className={css.hint}>Reading…</p>}>
                  <MarkdownPreview markdown={finished.markdown} />
                </Suspense>
              </Tabs.Panel>
              <Tabs.Panel value="markdown" tabIndex={-1}>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that its text can be marked by keyboard */}
                <section className={css.source} tabIndex={0} aria-label="Markdown source">
                  <pre>{finished.markdown}</pre>
                </section>
              </Tabs.Panel>
            </>
          )}
        </div>
        {draft && <EvidencePanel draft={draft} marked={marked?.said ?? null} />}
      </div>
    </Tabs.Root>
  );
}
