/** The checks of a subject, one button each: how it stands, its name, newest value, target and verdict. */
import { standingWord } from '../../shared/health/standing.ts';
import type { Subject } from '../../shared/model/plan.ts';
import { StandingMark } from '../components/StandingMark.tsx';
import { checkLabel, coverText, standingOfRecord, valueText } from '../state/derive.ts';
import { useCheck, usePlan, useSubject } from '../state/live.ts';
import css from './Detail.module.css';

export function CheckList({
  ids,
  chosen,
  subject,
  onChoose,
}: {
  ids: readonly string[];
  chosen: string | null;
  subject: Subject;
  onChoose(id: string): void;
}) {
  return (
    <ul className={css.checks} aria-label="Checks">
      {ids.map((id) => (
        <li key={id}>
          <CheckChip id={id} chosen={id === chosen} subject={subject} onChoose={onChoose} />
        </li>
      ))}
    </ul>
  );
}

function CheckChip({ id, chosen, subject, onChoose }: { id: string; chosen: boolean; subject: Subject; onChoose(id: string): void }) {
  const plan = usePlan(id);
  const record = useCheck(id);
  const owner = useSubject(plan?.subject.id);
  if (!plan) return null;
  const standing = record ? standingOfRecord(record) : 'pending';
  const verdict = record?.state.verdict;
  const soft = record?.state.soft;
  const covered = coverText(record?.cover);
  const text = !verdict ? 'no result yet' : standing === 'stale' ? `no fresh data; last: ${verdict.text}` : verdict.text;
  return (
    <button
      type="button"
      className={css.check}
      data-standing={standing}
      aria-pressed={chosen}
      onClick={() => onChoose(id)}
      title={`${plan.target}\n${text}`}
    >
      <StandingMark standing={standing} silent />
      <span className={css.checkName}>
        {owner && owner.id !== subject.id && owner.leg?.entry !== subject.id ? `${owner.name} · ` : ''}
        {checkLabel(plan)}
      </span>
      <span className={css.value}>{valueText(plan, record?.value ?? null) || standingWord[standing]}</span>
      <span className={css.target}>{plan.target}</span>
      <span className={css.verdict}>
        {covered ? `${covered} · ` : ''}
        {record?.state.flapping ? `flapping, ${Math.round(record.state.flapping.percent)} % changes · ` : ''}
        {soft ? `attempt ${soft.attempt} of ${plan.maxAttempts}: ` : ''}
        {text}
      </span>
      <span className="visually-hidden">, {standingWord[standing]}</span>
    </button>
  );
}
