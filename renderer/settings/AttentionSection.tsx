/** How this desk calls out: notifications of the system, and sounds by severity. */
import { useEffect, useRef, useState } from 'react';
import type { Announcement, Settings } from '../../shared/contract.ts';
import { clockShort, dayKey, stamp, zoneName } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { useNow } from '../state/clock.ts';
import { desktop } from '../state/desktop.ts';
import { useZone } from '../state/live.ts';
import { changeSettings, useSettings } from '../state/settings.ts';
import { playSound } from '../state/sound.ts';
import { say } from '../state/view.ts';
import { muteChoices } from './mute.ts';
import css from './Settings.module.css';

const severities: { severity: Announcement['severity']; label: string }[] = [
  { severity: 'down', label: 'Down' },
  { severity: 'degraded', label: 'Degraded' },
  { severity: 'unknown', label: 'Not known' },
  { severity: 'ok', label: 'Recovered' },
];
/** Between two sounds: the sounder lets the worst of what comes meanwhile win, and a button must do what it says. */
const betweenMs = 2_000;

export function AttentionSection() {
  const attention = useSettings((settings) => settings.attention);
  const info = useAsk('info', () => desktop.info({})).value;
  const change = (some: Partial<Settings['attention']>) => void changeSettings({ attention: { ...attention, ...some } });
  return (
    <section className={css.section} aria-labelledby="settings-attention">
      <h3 id="settings-attention">Sound and notifications</h3>
      <div className={css.body}>
        <label className={css.radio}>
          <input type="checkbox" checked={attention.notifications} onChange={(event) => change({ notifications: event.target.checked })} />
          Show notifications of the system for alerts
        </label>
        {attention.notifications && info?.notificationsWork === false && (
          <Notice tone="warn" title="The system shows no notifications.">
            None may be allowed for Nightdesk, or this session has no service for them. Sounds and the tray go on; look in the settings of
            the system.
          </Notice>
        )}
        <label className={css.radio}>
          <input type="checkbox" checked={attention.sound} onChange={(event) => change({ sound: event.target.checked })} />
          Sound alerts, each severity with a tone of its own
        </label>
        <Volume volume={attention.volume} disabled={!attention.sound} onChange={(volume) => change({ volume })} />
        <Play volume={attention.volume} />
        <Mute mutedUntil={attention.mutedUntil} onChange={(mutedUntil) => change({ mutedUntil })} />
      </div>
    </section>
  );
}

/** Follows the hand at once, and is kept when the hand rests. */
function Volume({ volume, disabled, onChange }: { volume: number; disabled: boolean; onChange(volume: number): void }) {
  const [at, setAt] = useState(volume);
  useEffect(() => setAt(volume), [volume]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const move = (next: number) => {
    setAt(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next), 250);
  };
  return (
    <label className={css.volume}>
      Volume
      <input
        type="range"
        min={0}
        max={100}
        step={5}
        value={Math.round(at * 100)}
        disabled={disabled}
        aria-valuetext={`${Math.round(at * 100)} per cent`}
        onChange={(event) => move(Number(event.target.value) / 100)}
      />
      <span>{Math.round(at * 100)} %</span>
    </label>
  );
}

function Play({ volume }: { volume: number }) {
  const [playing, setPlaying] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const play = (severity: Announcement['severity']) => {
    if (playing) return;
    if (!playSound(severity, volume)) return say('No sound could be made: this computer has no sound card that is free.', 'bad');
    setPlaying(true);
    timer.current = setTimeout(() => setPlaying(false), betweenMs);
  };
  return (
    <fieldset className={css.choice}>
      <legend>Play it</legend>
      {severities.map((it) => (
        <Button
          key={it.severity}
          icon={<StandingMark standing={it.severity} silent />}
          // Not `disabled`: the focus would be lost.
          aria-disabled={playing || undefined}
          aria-label={`Play the sound for ${it.label.toLowerCase()}`}
          onClick={() => play(it.severity)}
        >
          {it.label}
        </Button>
      ))}
    </fieldset>
  );
}

function Mute({ mutedUntil, onChange }: { mutedUntil: number | null; onChange(until: number | null): void }) {
  const zone = useZone();
  const now = useNow('quarter');
  const muted = mutedUntil !== null && mutedUntil > now;
  if (muted) {
    const sameDay = dayKey(mutedUntil, zone) === dayKey(now, zone);
    return (
      <Notice
        tone="warn"
        title={`Muted until ${sameDay ? `${clockShort(mutedUntil, zone)} ${zoneName(mutedUntil, zone)}` : stamp(mutedUntil, zone)}.`}
        actions={<Button onClick={() => onChange(null)}>Sound again</Button>}
      >
        Alerts make no sound until then. They are shown as always.
      </Notice>
    );
  }
  return (
    <fieldset className={css.choice}>
      <legend>Mute sounds for</legend>
      {muteChoices(zone, now).map((it) => (
        <Button
          key={it.label}
          onClick={() => onChange(muteChoices(zone, Date.now()).find((one) => one.label === it.label)?.until ?? it.until)}
        >
          {it.label.startsWith('until') ? `${it.label} ${zoneName(it.until, zone)}` : it.label}
        </Button>
      ))}
    </fieldset>
  );
}
