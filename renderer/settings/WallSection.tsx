/** Where the wall is shown, and whether it opens with the desk. */
import { useEffect, useState } from 'react';
import type { DisplayInfo } from '../../shared/contract.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { desktop, onDesktop } from '../state/desktop.ts';
import { changeSettings, useSettings } from '../state/settings.ts';
import { say } from '../state/view.ts';
import css from './Settings.module.css';

export function WallSection() {
  const wall = useSettings((settings) => settings.wall);
  const displays = useDisplays();
  const missing = wall.display !== null && displays !== null && !displays.some((display) => display.id === wall.display);
  const open = async () => {
    const reply = await desktop.openWall({ display: wall.display });
    if (!reply.ok) say(`The wall was not opened. ${reply.failure.text}`, 'bad');
    else if (reply.value.fellBack) say('That display is not connected; the wall opened on another one.');
  };
  const close = async () => {
    const reply = await desktop.closeWall({});
    if (!reply.ok) say(`The wall was not closed. ${reply.failure.text}`, 'bad');
  };
  return (
    <section className={css.section} aria-labelledby="settings-wall">
      <h3 id="settings-wall">Wall</h3>
      <div className={css.body}>
        <Field
          label="Display"
          help={
            missing
              ? 'The chosen display is not connected now. Until it is, the wall opens on another one.'
              : 'The wall fills it. Esc on the wall closes it.'
          }
        >
          {(tie) => (
            <select
              {...tie}
              value={wall.display ?? ''}
              onChange={(event) =>
                void changeSettings({ wall: { ...wall, display: event.target.value === '' ? null : Number(event.target.value) } })
              }
            >
              <option value="">The second one, if there is one</option>
              {missing && <option value={wall.display ?? ''}>The chosen one (not connected)</option>}
              {displays?.map((display) => (
                <option key={display.id} value={display.id}>
                  {display.label}
                  {display.primary ? ' (main)' : ''}
                </option>
              ))}
            </select>
          )}
        </Field>
        <label className={css.radio}>
          <input
            type="checkbox"
            checked={wall.openAtStart}
            onChange={(event) => void changeSettings({ wall: { ...wall, openAtStart: event.target.checked } })}
          />
          Open the wall when Nightdesk starts
        </label>
        <div className={css.buttons}>
          <Button onClick={() => void open()}>Open the wall</Button>
          <Button variant="quiet" onClick={() => void close()}>
            Close it
          </Button>
        </div>
      </div>
    </section>
  );
}

function useDisplays(): DisplayInfo[] | null {
  const [displays, setDisplays] = useState<DisplayInfo[] | null>(null);
  useEffect(() => {
    void desktop.displays({}).then((reply) => reply.ok && setDisplays(reply.value));
    return onDesktop('displaysChanged', setDisplays);
  }, []);
  return displays;
}
