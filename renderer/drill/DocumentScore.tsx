/** One document of a debrief beside what it should state: what it does, what is missing, what is false. */
import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import type { DebriefDocument, FoundFact } from '../../shared/scenario/debrief.ts';
import { clean, count } from '../../shared/text.ts';
import css from './DebriefView.module.css';
import { documentBy, documentScore, documentTitle, documentTone, type Tone } from './debrief-words.ts';

const marks = { good: CircleCheck, bad: CircleAlert, open: CircleDashed };
/** A shape beside the words, which say it too. */
export function Mark({ tone }: { tone: Tone }) {
  const Icon = marks[tone];
  return <Icon className={css.mark} data-tone={tone} aria-hidden />;
}

export function DocumentScore({ document: it, over }: { document: DebriefDocument; over: boolean }) {
  const tone = documentTone(it, over);
  const missing: Tone = over ? 'bad' : 'open';
  return (
    <details className={css.document} open={it.by === 'player' && tone === 'bad'}>
      <summary>
        <Mark tone={tone} />
        <span className={css.documentTitle}>{documentTitle(it)}</span>
        <span>{documentScore(it)}</span>
        <span className={css.soft}>{documentBy(it)}</span>
      </summary>
      <Facts title={count(it.wrong.length, 'false statement')} tone="bad" facts={it.wrong} />
      {it.missing.length > 0 && (
        <div className={css.facts}>
          <h4>{it.missing.length} missing</h4>
          <ul className={css.lines}>
            {it.missing.map((fact) => (
              <li key={fact}>
                <Mark tone={missing} />
                <span>{clean(fact, 300)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Facts title={`${it.stated.length} stated`} tone="good" facts={it.stated} />
    </details>
  );
}

function Facts({ title, tone, facts }: { title: string; tone: Tone; facts: readonly FoundFact[] }) {
  if (facts.length === 0) return null;
  return (
    <div className={css.facts}>
      <h4>{title}</h4>
      <ul className={css.lines}>
        {facts.map((it) => (
          <li key={`${it.fact} ${it.section} ${it.text}`}>
            <Mark tone={tone} />
            <span>
              {clean(it.fact, 300)}{' '}
              <span className={css.where}>
                {clean(it.section, 100)}: “{clean(it.text, 300)}”
              </span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
