/** What goes into the draft: alerts or a stretch of time, a title, the zone of its times. */
import { DAY, isZone, zoneTitle } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Field } from '../components/Field.tsx';
import { Switch } from '../components/Switch.tsx';
import { now } from '../state/clock.ts';
import { useZone } from '../state/live.ts';
import { ChooseAlerts } from './ChooseAlerts.tsx';
import { type DraftForm, lastStretch, rezone, zoneChoices } from './draft-form.ts';
import css from './Incidents.module.css';

const system = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface DraftChooserProps {
  form: DraftForm;
  problem: { problem: string; field: 'from' | 'to' } | null;
  onChange(change: Partial<DraftForm>): void;
}

export function DraftChooser({ form, problem, onChange }: DraftChooserProps) {
  const ours = useZone();
  const zoneText = zoneTitle(now(), form.zone);
  const last = (ms: number) => onChange(lastStretch(ms, now(), form.zone));
  const choose = (by: DraftForm['by']) => {
    onChange({ by });
    if (by === 'range' && !form.from && !form.to) last(DAY);
  };
  return (
    <section className={css.chooser} aria-label="What goes into the report">
      <Switch
        wide
        label="Made from"
        value={form.by}
        options={{ alerts: `Alerts${form.chosen.length > 0 ? ` (${form.chosen.length})` : ''}`, range: 'Time range' }}
        onChange={choose}
      />
      <div>
        <Field label="Title" optional help="Left empty, the draft finds one.">
          {(tie) => <input {...tie} value={form.title} maxLength={200} onChange={(event) => onChange({ title: event.target.value })} />}
        </Field>
        <Field label="Times in">
          {(tie) => (
            <select
              {...tie}
              value={form.zone}
              onChange={(event) => {
                const zone = event.target.value;
                onChange({ zone, from: rezone(form.from, form.zone, zone), to: rezone(form.to, form.zone, zone) });
              }}
            >
              {zoneChoices(ours, isZone(system) ? system : 'UTC').map((it) => (
                <option key={it.zone} value={it.zone}>
                  {it.label}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {form.by === 'range' && (
        <div>
          <Field label={`From, ${zoneText}`} error={problem?.field === 'from' ? problem.problem : null}>
            {(tie) => (
              <input
                {...tie}
                value={form.from}
                placeholder="2026-11-20 05:39"
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => onChange({ from: event.target.value })}
              />
            )}
          </Field>
          <Field label={`To, ${zoneText}`} error={problem?.field === 'to' ? problem.problem : null}>
            {(tie) => (
              <input
                {...tie}
                value={form.to}
                placeholder="2026-11-20 05:39"
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => onChange({ to: event.target.value })}
              />
            )}
          </Field>
          <div className={css.quick}>
            <Button variant="quiet" onClick={() => last(DAY / 24)}>
              Last hour
            </Button>
            <Button variant="quiet" onClick={() => last(DAY)}>
              Last 24 h
            </Button>
            <Button variant="quiet" onClick={() => last(7 * DAY)}>
              Last 7 d
            </Button>
          </div>
          <p className={css.hint}>Everything that touches this stretch goes in, alerts that began before it included.</p>
        </div>
      )}
      {form.by === 'alerts' && <ChooseAlerts zone={form.zone} />}
    </section>
  );
}
