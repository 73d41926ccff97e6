/** The desk's own settings. What is watched stands in the inventory file, not here. */
import { useEffect, useState } from 'react';
import { Field } from '../components/Field.tsx';
import { changeSettings, useSettings } from '../state/settings.ts';
import { AboutSection } from './AboutSection.tsx';
import { AttentionSection } from './AttentionSection.tsx';
import { InventorySection } from './InventorySection.tsx';
import { NotifySection } from './NotifySection.tsx';
import { SecretsSection } from './SecretsSection.tsx';
import css from './Settings.module.css';
import { WallSection } from './WallSection.tsx';

export function SettingsView() {
  return (
    <div className={css.view}>
      <div className={css.page}>
        <h2 className={css.title}>Settings</h2>
        <section className={css.section} aria-labelledby="settings-you">
          <h3 id="settings-you">You and this desk</h3>
          <div className={css.body}>
            <Author />
            <Theme />
          </div>
        </section>
        <InventorySection />
        <AttentionSection />
        <WallSection />
        <NotifySection />
        <SecretsSection />
        <AboutSection />
      </div>
    </div>
  );
}

const themes = [
  { theme: 'dark', label: 'Dark' },
  { theme: 'light', label: 'Light' },
  { theme: 'system', label: 'As the system' },
] as const;

function Theme() {
  const theme = useSettings((settings) => settings.theme);
  return (
    <fieldset className={css.choice}>
      <legend>Colours</legend>
      {themes.map((it) => (
        <label key={it.theme} className={css.radio}>
          <input type="radio" name="theme" checked={theme === it.theme} onChange={() => void changeSettings({ theme: it.theme })} />
          {it.label}
        </label>
      ))}
    </fieldset>
  );
}

/** Kept when the field is left, or Enter is pressed. */
function Author() {
  const author = useSettings((settings) => settings.author);
  const [text, setText] = useState(author);
  useEffect(() => setText(author), [author]);
  const keep = () => {
    if (text.trim() !== author) void changeSettings({ author: text.trim() });
  };
  return (
    <Field label="Your name" help="Stands on acknowledgements, notes and exported reports.">
      {(tie) => (
        <input
          {...tie}
          value={text}
          maxLength={80}
          autoComplete="name"
          onChange={(event) => setText(event.target.value)}
          onBlur={keep}
          onKeyDown={(event) => event.key === 'Enter' && keep()}
        />
      )}
    </Field>
  );
}
