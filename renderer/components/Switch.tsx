/** One of a few ways, all of them seen. */
import css from './Switch.module.css';

interface SwitchProps<Value extends string> {
  label: string;
  value: Value;
  /** In their order, with their words. */
  options: Readonly<Record<Value, string>>;
  onChange(value: Value): void;
  /** Takes all the room there is, each the same. */
  wide?: boolean;
}

export function Switch<Value extends string>({ label, value, options, onChange, wide }: SwitchProps<Value>) {
  return (
    <fieldset className={css.switch} aria-label={label} data-wide={wide || undefined}>
      {(Object.keys(options) as Value[]).map((it) => (
        <button key={it} type="button" aria-pressed={it === value} onClick={() => onChange(it)}>
          {options[it]}
        </button>
      ))}
    </fieldset>
  );
}
