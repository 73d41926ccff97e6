/** A day and a time beside each other, in a zone that the label names. */
import { useId } from 'react';
import { zoneTitle } from '../../shared/time.ts';
import { now } from '../state/clock.ts';
import css from './forms.module.css';
import { type Moment, readMoment } from './moments.ts';

export interface MomentFieldsProps {
  /** "Begins". */
  label: string;
  value: Moment;
  zone: string;
  error?: string | null | undefined;
  help?: string | null | undefined;
  onChange(value: Moment): void;
}

export function MomentFields({ label, value, zone, error, help, onChange }: MomentFieldsProps) {
  const id = useId();
  const read = readMoment(value, zone);
  const below = error || help ? `${id}-below` : undefined;
  const tie = { 'aria-invalid': error ? (true as const) : undefined, 'aria-describedby': below };
  return (
    <fieldset className={css.moment}>
      <legend>
        {label} <span className={css.zone}>{zoneTitle('at' in read ? read.at : now(), zone)}</span>
      </legend>
      <div className={css.momentInputs}>
        <input
          {...tie}
          type="date"
          aria-label={`${label}, day`}
          value={value.day}
          onChange={(event) => onChange({ ...value, day: event.target.value })}
        />
        <input
          {...tie}
          // Not of type time: that would ask for AM and PM wherever the system does.
          inputMode="numeric"
          placeholder="22:00"
          maxLength={5}
          spellCheck={false}
          autoComplete="off"
          aria-label={`${label}, time`}
          value={value.time}
          onChange={(event) => onChange({ ...value, time: event.target.value })}
        />
      </div>
      {(error || help) && (
        <div id={below} className={error ? css.error : css.help} role={error ? 'alert' : undefined}>
          {error || help}
        </div>
      )}
    </fieldset>
  );
}
