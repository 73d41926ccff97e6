/** What a person writes under a name: the comment of an acknowledgement, the reason of a silence, a note. Both are required; the desk remembers the name. */
import { useState } from 'react';
import type { Reply } from '../../shared/bind.ts';
import { Field } from '../components/Field.tsx';
import { useSend } from '../state/send.ts';
import { changeSettings, useSettings } from '../state/settings.ts';

export function useSigned() {
  const remembered = useSettings((settings) => settings.author);
  const [by, setBy] = useState(remembered);
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, failure, code, send } = useSend();
  return {
    by,
    setBy,
    text,
    setText,
    tried,
    busy,
    failure,
    /** Of the failure, to decide on. */
    code,
    nameKnown: remembered !== '',
    /**
     * Asks the engine once both are written.
     * @param ready whether the other fields of the form are
     * @returns whether it is on disk
     */
    async submit(ask: (signed: { by: string; text: string }) => Promise<Reply<null>>, ready = true): Promise<boolean> {
      setTried(true);
      if (!ready || !by.trim() || !text.trim() || !(await send(() => ask({ by, text })))) return false;
      if (by.trim() !== remembered) void changeSettings({ author: by.trim() });
      return true;
    },
  };
}

/** The two fields. `missing` is said when the text was left empty. */
export function SignedFields({
  form,
  who,
  what,
  missing,
}: {
  form: ReturnType<typeof useSigned>;
  who: string;
  what: string;
  missing: string;
}) {
  return (
    <>
      <Field label={who} error={form.tried && !form.by.trim() ? 'Say who you are.' : null}>
        {(tie) => (
          <input
            {...tie}
            value={form.by}
            onChange={(event) => form.setBy(event.target.value)}
            autoComplete="name"
            maxLength={80}
            // biome-ignore lint/a11y/noAutofocus: it stands in a dialog that the person has just opened
            autoFocus={!form.nameKnown}
          />
        )}
      </Field>
      <Field label={what} error={form.tried && !form.text.trim() ? missing : null} help="Ctrl+Enter sends it.">
        {(tie) => (
          <textarea
            {...tie}
            value={form.text}
            onChange={(event) => form.setText(event.target.value)}
            maxLength={4_000}
            // biome-ignore lint/a11y/noAutofocus: it stands in a dialog that the person has just opened
            autoFocus={form.nameKnown}
          />
        )}
      </Field>
    </>
  );
}
