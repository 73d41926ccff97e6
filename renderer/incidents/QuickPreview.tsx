/** Below the quick line: how what is typed will stand in the log, and all that can be typed. */
import { describeLog } from '../../shared/incidents/log-words.ts';
import type { ReadLine } from '../../shared/incidents/quick-line.ts';
import { quickKinds, quickWords } from '../../shared/incidents/quick-words.ts';
import { MINUTE } from '../../shared/time.ts';
import { KeyCap } from '../components/Button.tsx';
import { sinceText } from '../components/Time.tsx';
import { untilText } from '../maintenance/window-words.ts';
import { eventNames } from '../state/derive.ts';
import { useLive } from '../state/live.ts';
import css from './QuickLine.module.css';

export function QuickPreview({ read, tried, now, zone }: { read: ReadLine; tried: boolean; now: number; zone: string }) {
  const names = useLive((live) => eventNames(live.tables));
  if ('problem' in read)
    return (
      <p id="quick-preview" className={css.preview} data-tone={tried ? 'bad' : 'warn'} role={tried ? 'alert' : undefined}>
        {read.problem}
      </p>
    );
  if ('empty' in read)
    return (
      <p id="quick-preview" className={css.preview}>
        {tried ? 'Write something first.' : 'What you type is shown here as it will stand in the log.'}
      </p>
    );
  const { entry, at, hint } = read.line;
  const words = describeLog(entry, names);
  const late = at !== null && now - at > MINUTE;
  return (
    <p id="quick-preview" className={css.preview} data-tone={late ? 'back' : 'good'}>
      <strong>{words.label}</strong> {words.text}
      <span className={css.when}>
        {' · '}
        {late ? `${untilText(at, zone, now)}, ${sinceText(at, now)} ago, marked “entered later”` : 'now'}
      </span>
      {hint && <span className={css.hint}> {hint}</span>}
    </p>
  );
}

/** Everything that can be typed, folded. */
export function QuickExamples() {
  return (
    <details className={css.examples}>
      <summary>What can be typed</summary>
      <dl>
        {quickKinds.map((kind) => (
          <div key={kind}>
            <dt>{quickWords[kind].label}</dt>
            <dd>{quickWords[kind].example}</dd>
          </div>
        ))}
        <div>
          <dt>Earlier</dt>
          <dd>@03:24 …, @yesterday 23:50 …, @20m …</dd>
        </div>
      </dl>
      <p>
        <KeyCap>Enter</KeyCap> writes it, <KeyCap>Shift</KeyCap> <KeyCap>Enter</KeyCap> begins a new line. Whatever has no such word in
        front is a note.
      </p>
    </details>
  );
}
