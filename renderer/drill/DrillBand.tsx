/** The band over every screen of a drill's window: that it is one, what time it is in it, how far it is, and how to steer it. */
import { Flag, Pause, Play, RotateCcw, SkipForward, X } from 'lucide-react';
import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { clean } from '../../shared/text.ts';
import { Button } from '../components/Button.tsx';
import { useLive, useZone } from '../state/live.ts';
import { showScreen, useView } from '../state/view.ts';
import { actsWords, apart, clockWords, leftWords, marksOf, marksText, progressOf, speeds, stateWords } from './band-words.ts';
import { Calls } from './Calls.tsx';
import css from './DrillBand.module.css';
import { jump, leave, pauseOrPlay, playAt } from './steer.ts';

export function DrillBand() {
  const known = useLive((live) => live.tables.drill.drill !== undefined);
  return (
    <section className={css.band} aria-label="Drill">
      <div className={css.row}>
        <strong className={css.word}>DRILL</strong>
        <About />
        {known && <Clock />}
        <div className={css.end}>
          {known && <Steering />}
          <Button
            icon={<X />}
            variant="quiet"
            aria-label="End the drill and close its window"
            title="Close"
            onClick={() => leave('close')}
          />
        </div>
      </div>
      {known && <Progress />}
      {known && <Calls />}
    </section>
  );
}

/** Its name, who acts, and what its clock does: said aloud when that changes. */
function About() {
  const drill = useLive(
    useShallow(({ tables: { drill: all } }) => all.drill && { name: all.drill.name, acts: all.drill.acts, state: stateWords(all.drill) }),
  );
  const lost = useLive((live) => live.connection === 'lost');
  return (
    <div className={css.about}>
      <p className={css.name} title={drill && clean(drill.name, 200)}>
        {drill ? clean(drill.name, 200) : 'Nothing of what this window shows is real.'}
      </p>
      <p className={css.state}>
        <span role="status">{lost ? 'It has stopped' : (drill?.state ?? '')}</span>
        {drill && ` · ${actsWords(drill.acts)} · none of this is real`}
      </p>
    </div>
  );
}

function Clock() {
  const at = useLive((live) => live.tables.drill.drill?.at ?? 0);
  const zone = useZone();
  const { day, time } = clockWords(at, zone);
  return (
    <p className={css.clock} title="The time in the drill">
      <span className={css.time}>{time}</span>
      <span className={css.day}>{day}</span>
    </p>
  );
}

function Steering() {
  const { state, speed } = useLive(
    useShallow(({ tables }) => ({ state: tables.drill.drill?.state ?? 'over', speed: tables.drill.drill?.speed ?? 1 })),
  );
  const debriefing = useView((view) => view.screen === 'debrief');
  const stopped = useLive((live) => live.connection !== 'live');
  const again = (
    <Button icon={<RotateCcw />} onClick={() => leave('again')}>
      Play again
    </Button>
  );
  if (stopped) return <div className={css.steering}>{again}</div>;
  if (state === 'over') {
    return (
      <div className={css.steering}>
        {again}
        <Button variant="primary" icon={<Flag />} onClick={() => showScreen('debrief')} disabled={debriefing}>
          Debrief
        </Button>
      </div>
    );
  }
  const paused = state === 'paused';
  return (
    <div className={css.steering}>
      <Button
        icon={paused ? <Play /> : <Pause />}
        onClick={pauseOrPlay}
        className={css.pause}
        aria-keyshortcuts="Space"
        title={paused ? 'Play (Space)' : 'Pause (Space)'}
      >
        {paused ? 'Play' : 'Pause'}
      </Button>
      <fieldset className={css.speeds} aria-label="Speed: times as fast as life">
        {speeds.map((it) => (
          <button key={it} type="button" className={css.speed} aria-pressed={speed === it && !paused} onClick={() => playAt(it)}>
            {it}×
          </button>
        ))}
      </fieldset>
      <Button icon={<SkipForward />} keyHint="." onClick={jump} disabled={state === 'jumping'}>
        Next event
      </Button>
      <Button icon={<Flag />} onClick={() => leave('finish')}>
        End and debrief
      </Button>
      <Button
        icon={<RotateCcw />}
        variant="quiet"
        aria-label="Play again"
        title="Play again, from the beginning"
        onClick={() => leave('again')}
      />
    </div>
  );
}

function Progress() {
  const drill = useLive((live) => live.tables.drill.drill);
  const alerts = useLive((live) => live.tables.alerts);
  const start = drill?.start;
  const lastCall = drill?.calls.at(-1)?.id;
  // Not with every tick of the clock: what has happened stays where it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the drill only its calls and its span count
  const marks = useMemo(() => (drill ? marksOf(drill, alerts) : []), [start, lastCall, alerts]);
  const drawn = useMemo(() => apart(marks), [marks]);
  if (!drill) return null;
  const part = progressOf(drill);
  return (
    <div
      className={css.progress}
      role="progressbar"
      aria-label="How far the drill is"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(100 * part)}
      aria-valuetext={`${Math.floor(100 * part)} per cent, ${leftWords(drill)}; ${marksText(marks)}`}
      title={`${leftWords(drill)}; ${marksText(marks)}`}
    >
      <span className={css.done} style={{ transform: `scaleX(${part})` }} />
      {drawn.map((mark) => (
        <span key={mark.key} className={css.mark} data-kind={mark.kind} title={mark.title} style={{ left: `${100 * mark.place}%` }} />
      ))}
    </div>
  );
}
