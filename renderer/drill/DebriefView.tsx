/** How the drill went so far: per fault when it was seen, taken and rightly named; what was done; the documents beside what they should say. */
import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Debrief } from '../../shared/scenario/debrief.ts';
import { clean } from '../../shared/text.ts';
import { dayName, zoneTitle } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { copyText } from '../detail/copy-text.ts';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { say } from '../state/view.ts';
import css from './DebriefView.module.css';
import { DocumentScore, Mark } from './DocumentScore.tsx';
import { debriefText, deedText, type Step, stepsOf, summaryOf, type Tone, timeText } from './debrief-words.ts';
import { reveal, useRevealed } from './steer.ts';

/** While it plays. Making one takes a drill of many hours a second. */
const renewMs = 5_000;

async function copy(debrief: Debrief): Promise<void> {
  if (await copyText(debriefText(debrief))) say('The debrief is on the clipboard.');
  else say('The clipboard did not take it.', 'bad');
}

export function DebriefView() {
  const state = useLive((live) => live.tables.drill.drill?.state ?? null);
  const spoils = useLive(({ tables: { drill } }) => drill.drill?.acts === 'player' && drill.drill.state !== 'over');
  const hidden = !useRevealed() && spoils;
  const asked = useAsk(hidden ? null : 'debrief', () => engine.debrief({}), {
    version: state,
    ...(state === 'playing' && { everyMs: renewMs }),
  });
  const debrief = asked.value;
  return (
    <div className={css.view}>
      <div className={css.page}>
        <header className={css.head}>
          <div className={css.titles}>
            <h2 className={css.title}>{debrief ? `Debrief: ${clean(debrief.name, 200)}` : 'Debrief'}</h2>
            {debrief && <p className={css.soft}>{whenText(debrief)}</p>}
          </div>
          <Button icon={<Copy />} disabled={!debrief} onClick={() => debrief && void copy(debrief)}>
            Copy as text
          </Button>
        </header>
        {asked.failure && (
          <Notice tone="bad" title="The debrief could not be made." actions={<Button onClick={asked.again}>Try again</Button>}>
            {asked.failure}
          </Notice>
        )}
        {hidden && (
          <Notice title="You are still playing." actions={<Button onClick={reveal}>Show it all the same</Button>}>
            The debrief tells what is really broken, and what your documents should state.
          </Notice>
        )}
        {!hidden && !debrief && !asked.failure && <p role="status">Looking at how it went…</p>}
        {debrief && <Parts debrief={debrief} />}
      </div>
    </div>
  );
}

const whenText = (it: Debrief): string =>
  `${dayName(it.start, it.zone)}, ${timeText(it.start, it)} to ${timeText(it.at, it)} · all times in ${zoneTitle(it.start, it.zone)}${
    it.over ? '' : ' · the drill goes on, and this with it'
  }`;

function Parts({ debrief }: { debrief: Debrief }) {
  const { faults, falseSentences, deeds, documents, over } = debrief;
  return (
    <>
      <Summary debrief={debrief} />
      <Part title="What was broken">
        {faults.length === 0 ? (
          <p className={css.soft}>{over ? 'Nothing broke in this drill.' : 'Nothing has broken yet.'}</p>
        ) : (
          <Faults debrief={debrief} />
        )}
      </Part>
      {falseSentences.length > 0 && (
        <Part title="Said, and not so">
          <ul className={css.lines}>
            {falseSentences.map((it) => (
              <li key={`${it.at} ${it.sentence}`}>
                <Mark tone="bad" />
                <span>
                  <span className={css.time}>{timeText(it.at, debrief)}</span> “{clean(it.sentence, 300)}”
                </span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title="What was done">
        {deeds.length === 0 ? (
          <p className={css.soft}>{over ? 'Nothing was written down.' : 'Nothing was written down yet.'}</p>
        ) : (
          <ul className={css.deeds}>
            {deeds.map((it) => (
              <li key={it.kind}>
                {deedText(it)} <span className={css.soft}>first {timeText(it.firstAt, debrief)}</span>
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part title="The documents">
        {documents.length === 0 ? (
          <p className={css.soft}>This drill does not say what its documents should state.</p>
        ) : (
          documents.map((it) => <DocumentScore key={it.kind} document={it} over={over} />)
        )}
      </Part>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = `debrief-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
  return (
    <section className={css.part} aria-labelledby={id}>
      <h3 id={id} className={css.partTitle}>
        {title}
      </h3>
      {children}
    </section>
  );
}

function Summary({ debrief }: { debrief: Debrief }) {
  const { good, bad } = summaryOf(debrief);
  if (good.length + bad.length === 0) return null;
  return (
    <div className={css.summary}>
      <News title="Good news" tone="good" lines={good} none="None yet." />
      <News title="Bad news" tone="bad" lines={bad} none="None." />
    </div>
  );
}

function News({ title, tone, lines, none }: { title: string; tone: Tone; lines: readonly string[]; none: string }) {
  return (
    <section className={css.news} data-tone={lines.length > 0 ? tone : 'open'} aria-label={title}>
      <h3>{title}</h3>
      {lines.length === 0 ? (
        <p className={css.soft}>{none}</p>
      ) : (
        <ul className={css.lines}>
          {lines.map((line) => (
            <li key={line}>
              <Mark tone={tone} />
              <span>{line}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Faults({ debrief }: { debrief: Debrief }) {
  const rows = debrief.faults.map((it) => ({ it, steps: stepsOf(it, debrief) }));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={css.scroll} tabIndex={0} aria-label="Faults, and how they were met">
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Fault</th>
            {rows[0]?.steps.map((step) => (
              <th key={step.title} scope="col">
                {step.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ it, steps }) => (
            <tr key={`${it.from} ${it.what}`}>
              <th scope="row">{clean(it.what, 300)}</th>
              {steps.map((step) => (
                <StepCell key={step.title} step={step} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function StepCell({ step }: { step: Step }) {
  return (
    <td>
      <span className={css.step}>
        {step.title !== 'Began' && <Mark tone={step.tone} />}
        <span>
          {step.time && <span className={css.time}>{step.time}</span>} <span className={css.note}>{step.note}</span>
        </span>
      </span>
      {step.quote && <span className={css.quote}>“{step.quote}”</span>}
    </td>
  );
}
