/** How often something comes: a few plain choices, a cron line for all others, and the days between which the series runs. */
import { zoneTitle } from '../../shared/time.ts';
import { Field } from '../components/Field.tsx';
import { now } from '../state/clock.ts';
import css from './forms.module.css';
import type { PlanForm } from './plan-form.ts';
import { cronOf, ordinal, type Repeat, type Repetition, repeatLabels, repeats, weekdays } from './repetition.ts';

/** Every month has these. */
const days = Array.from({ length: 28 }, (_, index) => index + 1);

export interface ScheduleFieldsProps {
  zone: string;
  repetition: Repetition;
  firstDay: string;
  lastDay: string;
  error: string | null;
  lastDayError: string | null;
  onChange(change: Partial<PlanForm>): void;
}

export function ScheduleFields({ zone, repetition, firstDay, lastDay, error, lastDayError, onChange }: ScheduleFieldsProps) {
  const change = (some: Partial<Repetition>) => onChange({ repetition: { ...repetition, ...some } });
  const { repeat } = repetition;
  const choose = (next: Repeat) =>
    // The line begins as what was chosen before, so that it can be bent from there.
    change(next === 'line' ? { repeat: next, line: repetition.line || (cronOf(repetition) ?? '') } : { repeat: next });
  return (
    <>
      <div className={css.pair}>
        <Field label="Repeats" help={repeat === 'line' ? null : `In the zone ${zone}, summer and winter.`}>
          {(tie) => (
            <select {...tie} value={repeat} onChange={(event) => choose(event.target.value as Repeat)}>
              {repeats.map((it) => (
                <option key={it} value={it}>
                  {repeatLabels[it]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {repeat === 'weekly' && (
          <Field label="On">
            {(tie) => (
              <select {...tie} value={repetition.weekday} onChange={(event) => change({ weekday: Number(event.target.value) })}>
                {weekdays.map((it) => (
                  <option key={it.number} value={it.number}>
                    {it.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {repeat === 'monthly' && (
          <Field label="On" help="For the last days of a month choose a cron line.">
            {(tie) => (
              <select {...tie} value={repetition.day} onChange={(event) => change({ day: Number(event.target.value) })}>
                {days.map((day) => (
                  <option key={day} value={day}>
                    the {ordinal(day)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {repeat === 'line' ? (
          <Field label="Cron line" error={error} help={`Minute, hour, day, month, weekday, in the zone ${zone}.`}>
            {(tie) => (
              <input
                {...tie}
                value={repetition.line}
                placeholder="30 3 * * 0"
                spellCheck={false}
                autoComplete="off"
                maxLength={100}
                onChange={(event) => change({ line: event.target.value })}
              />
            )}
          </Field>
        ) : (
          <Field label={`At, ${zoneTitle(now(), zone)}`} error={error}>
            {(tie) => (
              <input
                {...tie}
                inputMode="numeric"
                placeholder="04:00"
                maxLength={5}
                autoComplete="off"
                value={repetition.time}
                onChange={(event) => change({ time: event.target.value })}
              />
            )}
          </Field>
        )}
      </div>
      <div className={css.pair}>
        <Field label="First day" optional>
          {(tie) => <input {...tie} type="date" value={firstDay} onChange={(event) => onChange({ firstDay: event.target.value })} />}
        </Field>
        <Field label="Last day" optional error={lastDayError}>
          {(tie) => <input {...tie} type="date" value={lastDay} onChange={(event) => onChange({ lastDay: event.target.value })} />}
        </Field>
      </div>
    </>
  );
}
