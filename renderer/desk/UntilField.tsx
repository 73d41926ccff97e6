/** Asks how long: a few lengths, and a moment of one's own in the organization's zone, which it names. */
import { useState } from 'react';
import type { Result } from '../../shared/result.ts';
import { zoneName } from '../../shared/time.ts';
import { Field } from '../components/Field.tsx';
import { now as rightNow, useNow } from '../state/clock.ts';
import { useZone } from '../state/live.ts';
import css from './forms.module.css';
import { type UntilChoice, untilOf, untilText } from './until.ts';

export function useUntil(first: UntilChoice) {
  const zone = useZone();
  const [choice, setChoice] = useState<UntilChoice>(first);
  const [custom, setCustom] = useState('');
  /** Read when it is sent: a length counts from then. */
  const read = (): Result<number | null, string> => untilOf(choice, custom, rightNow(), zone);
  return { choice, setChoice, custom, setCustom, read, zone };
}

export function UntilField({
  form,
  label,
  offers,
  tried,
}: {
  form: ReturnType<typeof useUntil>;
  label: string;
  offers: readonly (readonly [UntilChoice, string])[];
  /** Mistakes are told once the person has tried to send. */
  tried: boolean;
}) {
  const now = useNow('quarter');
  const { choice, custom, zone } = form;
  const until = untilOf(choice, custom, now, zone);
  const help = until.ok && until.value !== null ? `Until ${untilText(until.value, now, zone)}.` : undefined;
  return (
    <>
      <Field label={label} help={choice === 'custom' ? undefined : help}>
        {(tie) => (
          <select {...tie} value={choice} onChange={(event) => form.setChoice(event.target.value as UntilChoice)}>
            {offers.map(([value, text]) => (
              <option key={value} value={value}>
                {value === 'morning' ? `${text} ${zoneName(now, zone)}` : text}
              </option>
            ))}
          </select>
        )}
      </Field>
      {choice === 'custom' && (
        <Field label={`Until (${zoneName(now, zone)})`} error={!until.ok && (tried || custom !== '') ? until.failure : null} help={help}>
          {(tie) => (
            <input
              {...tie}
              className={css.moment}
              type="datetime-local"
              value={custom}
              onChange={(event) => form.setCustom(event.target.value)}
            />
          )}
        </Field>
      )}
    </>
  );
}
