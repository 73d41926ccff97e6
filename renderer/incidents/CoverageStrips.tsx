/** What the samples say about the range of a draft, drawn: one strip per check, a few of them. */
import { AvailabilityStrip } from '../charts/AvailabilityStrip.tsx';
import { shapeHistory, writeAvailability } from '../charts/shape.ts';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { eventNames } from '../state/derive.ts';
import { useLive, usePlan } from '../state/live.ts';
import css from './CoverageStrips.module.css';

const most = 4;

export function CoverageStrips({ checks, from, to }: { checks: readonly string[]; from: number; to: number }) {
  const rest = checks.length - most;
  return (
    <div className={css.strips}>
      {checks.slice(0, most).map((check) => (
        <CheckStrip key={check} check={check} from={from} to={to} />
      ))}
      {rest > 0 && <span className={css.hint}>and {rest === 1 ? 'one more check' : `${rest} more checks`}</span>}
    </div>
  );
}

function CheckStrip({ check, from, to }: { check: string; from: number; to: number }) {
  const plan = usePlan(check);
  const name = useLive((live) => eventNames(live.tables).check(check));
  const { value } = useAsk(`${check} ${from} ${to}`, () => engine.history({ check, from, to }));
  if (!value || to <= from) return null;
  const shaped = shapeHistory(value, { from, to }, plan?.intervalMs ?? 60_000, 60);
  const share = shaped.availability === null ? 'availability not known' : `${writeAvailability(shaped.availability)} available`;
  return (
    <div>
      <span className={css.hint}>
        {name} · {share}
      </span>
      <AvailabilityStrip cells={shaped.strip} label={`${name}: ${share}`} />
    </div>
  );
}
