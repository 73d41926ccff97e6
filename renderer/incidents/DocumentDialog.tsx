/** Asks for whom a document is, or which one of a series, before it is drafted. */
import { useState } from 'react';
import { documentTitles } from '../../shared/incident/drafts/index.ts';
import type { DocumentKind } from '../../shared/model/document.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { fail, ok } from '../../shared/result.ts';
import { Field } from '../components/Field.tsx';
import forms from '../maintenance/forms.module.css';
import { useLive } from '../state/live.ts';
import { closeDialog } from '../state/view.ts';
import { draftDocument } from './begin-document.ts';
import { ChangeDialog } from './ChangeDialog.tsx';
import { isOpen } from './incident-words.ts';
import { quickNames } from './quick-names.ts';
import { useChange } from './use-change.ts';

type Update = 'first' | 'next' | 'resolved';
const updates: Record<Update, string> = {
  first: 'The first: what fails, since when, and that we are on it',
  next: 'The next: what is new since the last one',
  resolved: 'The last: it is over',
};

export function DocumentDialog({ incident, kind }: { incident: Incident; kind: DocumentKind }) {
  const subjects = useLive((live) => live.tables.subjects);
  const alerts = useLive((live) => live.tables.alerts);
  const told = useLive((live) =>
    Object.values(live.tables.events).some((it) => it.kind === 'drafted' && it.payload.incident === incident.id),
  );
  const change = useChange();
  const providers = quickNames(incident, subjects, alerts);
  const named = [...incident.owed, ...incident.waiting].map((it) => it.with);
  const [provider, setProvider] = useState(() => providers.find((it) => named.includes(it.id))?.id ?? providers[0]?.id ?? '');
  const [update, setUpdate] = useState<Update>(isOpen(incident) ? (told ? 'next' : 'first') : 'resolved');
  const forProvider = kind === 'provider-ticket' || kind === 'sla-credit';

  const submit = async () => {
    const more = { ...(kind === 'status-update' ? { update } : {}), ...(forProvider ? { provider } : {}) };
    const done = await change.ask(
      async (by) => {
        const problem = await draftDocument(incident.id, kind, more, by);
        return problem === null ? ok(null) : fail({ code: 'not-drafted', text: problem });
      },
      !forProvider || provider !== '',
    );
    if (done) closeDialog();
  };

  return (
    <ChangeDialog
      change={change}
      title={documentTitles[kind]}
      description="Drafted from what was observed and written down. You edit it; nothing is sent by itself."
      button="Draft it"
      busy="Drafting…"
      who={{ label: 'Who drafts it', first: kind === 'post-mortem' || kind === 'customer-report' }}
      failed="It could not be drafted."
      onSubmit={submit}
    >
      {kind === 'status-update' && (
        <fieldset className={forms.kinds} style={{ gridTemplateColumns: '1fr' }}>
          <legend>Which one</legend>
          {(Object.keys(updates) as Update[]).map((it) => (
            <label key={it} className={forms.kind}>
              <input
                type="radio"
                name="update"
                checked={update === it}
                // biome-ignore lint/a11y/noAutofocus: it stands in a dialog that the person has just opened
                autoFocus={update === it}
                onChange={() => setUpdate(it)}
              />
              <span>{updates[it]}</span>
            </label>
          ))}
        </fieldset>
      )}
      {forProvider && (
        <Field
          label={kind === 'provider-ticket' ? 'To which provider' : 'Of which provider'}
          error={change.tried && provider === '' ? 'There is no link in the inventory.' : null}
        >
          {(tie) => (
            <select
              {...tie}
              value={provider}
              // biome-ignore lint/a11y/noAutofocus: it stands in a dialog that the person has just opened
              autoFocus
              onChange={(event) => setProvider(event.target.value)}
            >
              {providers.map((it) => (
                <option key={it.id} value={it.id}>
                  {it.name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </ChangeDialog>
  );
}
