/** Who does it: remembered by the desk from one form to the next. */
import { useState } from 'react';
import { Field } from '../components/Field.tsx';
import { changeSettings, useSettings } from '../state/settings.ts';

/** The name, and how to remember it once it was used. */
export function useWho() {
  const remembered = useSettings((settings) => settings.author);
  const [by, setBy] = useState(remembered);
  return {
    by,
    setBy,
    known: remembered !== '',
    remember: () => void (by.trim() !== remembered && changeSettings({ author: by.trim() })),
  };
}

export function WhoField({
  who,
  label,
  tried,
  autoFocus,
  help,
}: {
  who: ReturnType<typeof useWho>;
  label: string;
  tried: boolean;
  autoFocus?: boolean;
  help?: string;
}) {
  return (
    <Field label={label} error={tried && !who.by.trim() ? 'Say who you are.' : null} help={help}>
      {(tie) => (
        <input
          {...tie}
          value={who.by}
          autoComplete="name"
          maxLength={80}
          // biome-ignore lint/a11y/noAutofocus: it stands in a dialog that the person has just opened
          autoFocus={autoFocus}
          onChange={(event) => who.setBy(event.target.value)}
        />
      )}
    </Field>
  );
}
