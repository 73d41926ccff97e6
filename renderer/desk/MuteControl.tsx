/** The bell of the first line (a drill makes no sound and has none): mutes the sounds of this desk for an hour or until somebody unmutes it. While it is muted it says so, loudly. */
import { Menu } from '@base-ui/react/menu';
import { Bell, BellOff } from 'lucide-react';
import { HOUR } from '../../shared/time.ts';
import { useNow } from '../state/clock.ts';
import { useZone } from '../state/live.ts';
import { inDrill } from '../state/role.ts';
import { changeSettings, useSettings } from '../state/settings.ts';
import css from './MuteControl.module.css';
import { forever, muteText } from './mute.ts';

const change = (part: { sound?: boolean; mutedUntil?: number | null }): void =>
  void changeSettings({ attention: { ...useSettings.getState().attention, ...part } });

export function MuteControl() {
  const attention = useSettings((settings) => settings.attention);
  const now = useNow('quarter');
  const said = muteText(attention, now, useZone());
  if (inDrill) return null;
  if (said !== null) {
    return (
      <button
        type="button"
        className={css.muted}
        title="Alerts do not sound on this desk. Click to let them sound again."
        onClick={() => change({ sound: true, mutedUntil: null })}
      >
        <BellOff aria-hidden />
        {said}
        <span className="visually-hidden">. Let alerts sound again</span>
      </button>
    );
  }
  return (
    <Menu.Root>
      <Menu.Trigger className={css.bell} aria-label="Mute the sounds of this desk" title="Mute the sounds of this desk">
        <Bell aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className={css.positioner}>
          <Menu.Popup className={css.menu}>
            <Menu.Item className={css.item} onClick={() => change({ mutedUntil: Date.now() + HOUR })}>
              Mute for 1 h
            </Menu.Item>
            <Menu.Item className={css.item} onClick={() => change({ mutedUntil: forever })}>
              Mute until I unmute it
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
