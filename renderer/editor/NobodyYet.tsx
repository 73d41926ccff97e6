/** Asks for the name of whoever writes, where the desk knows none: revisions carry it. Writing does not wait for it. */
import { type FormEvent, useState } from 'react';
import { Button } from '../components/Button.tsx';
import { changeSettings, useSettings } from '../state/settings.ts';
import css from './Editor.module.css';

export function NobodyYet() {
  const known = useSettings((settings) => settings.author.trim() !== '');
  const [name, setName] = useState('');
  if (known) return null;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') void changeSettings({ author: name.trim() });
  };
  return (
    <form className={css.barLine} onSubmit={send}>
      <label className={css.nameField}>
        Who writes? Revisions carry your name.
        <input value={name} maxLength={80} autoComplete="name" onChange={(event) => setName(event.target.value)} />
      </label>
      <Button type="submit" disabled={name.trim() === ''}>
        Remember it
      </Button>
    </form>
  );
}
