/** What the desk does to be noticed: notifications, sound (made by one page), the tray, the badge and the count in the window's title. */
import { type BrowserWindow, shell } from 'electron';
import type { EventName, EventPayload } from '../../shared/bind.ts';
import type { Announcement, DesktopContract, OpenCounts } from '../../shared/contract.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { windowTitle } from './counts-words.ts';
import type { DrillDesk } from './drill-window.ts';
import { worstAnnouncement } from './notes.ts';
import { createNotifications } from './notifications.ts';
import type { SettingsKeeper } from './settings.ts';
import { createTray } from './tray.ts';

export interface Attention {
  announce(announcements: readonly Announcement[]): void;
  /** @param open null = nothing is watched at the moment */
  count(open: OpenCounts | null): void;
  /** Puts the count on a desk window that was just made. */
  adopt(window: BrowserWindow): void;
  readonly notificationsWork: boolean;
  /** Brings the desk to the front, and to one of its alerts. */
  openAlert(alert: string): void;
  /** Has the desk list the drills. */
  openDrills(): void;
  end(): void;
}

export function createAttention(options: {
  settings: SettingsKeeper;
  desk: () => BrowserWindow | null;
  wall: () => BrowserWindow | null;
  showDesk: () => void;
  showWall: () => void;
  /** The window of a drill, if there is one: whoever plays must hear of what is real. */
  drill: () => Pick<DrillDesk, 'isOpen' | 'announce'>;
}): Attention {
  const { settings, desk, wall, drill, showDesk, showWall } = options;
  const alive = (window: BrowserWindow | null): BrowserWindow | null =>
    window && !window.isDestroyed() && !window.webContents.isCrashed() ? window : null;
  const send = <E extends EventName<DesktopContract>>(
    window: BrowserWindow | null,
    event: E,
    payload: EventPayload<DesktopContract, E>,
  ): void => alive(window)?.webContents.send('desktop-event', event, payload);

  const tellDesk = <E extends EventName<DesktopContract>>(event: E, payload: EventPayload<DesktopContract, E>): void => {
    showDesk();
    const window = desk();
    // A page that is only just being loaded hears nothing yet.
    if (window?.webContents.isLoading()) window.webContents.once('did-finish-load', () => send(window, event, payload));
    else send(window, event, payload);
  };
  const openAlert = (alert: string): void => tellDesk('openAlert', { alert });
  const notifications = createNotifications(() => settings.get().attention.notifications, openAlert);
  const tray = createTray({
    showDesk,
    showWall,
    mute: (on) => settings.change({ attention: { ...settings.get().attention, mutedUntil: on ? Date.now() + HOUR : null } }),
  });

  const maySound = (): boolean => {
    const { sound, mutedUntil } = settings.get().attention;
    return sound && (mutedUntil ?? 0) <= Date.now();
  };

  let counts: OpenCounts | null = null;
  const show = (): void => {
    tray.show(counts, (settings.get().attention.mutedUntil ?? 0) > Date.now());
    alive(desk())?.setTitle(windowTitle(counts));
  };
  show();
  settings.onChange(show);
  // The mute runs out without a word.
  const look = setInterval(show, MINUTE);

  return {
    announce(announcements) {
      notifications.announce(announcements);
      const worst = worstAnnouncement(announcements);
      drill().announce(announcements);
      if (!worst) return;
      // One page only: the desk and the wall together would sound twice.
      const sounds = alive(desk()) ?? alive(wall());
      if (sounds) send(sounds, 'announced', worst);
      // The window of a drill makes no sounds, as nobody would know which of the two is meant.
      else if (drill().isOpen && worst.severity !== 'ok' && maySound()) shell.beep();
    },
    count(open) {
      counts = open;
      show();
    },
    adopt(window) {
      // The page's own title would take the place of the one with the count.
      window.on('page-title-updated', (event) => event.preventDefault());
      window.setTitle(windowTitle(counts));
    },
    get notificationsWork() {
      return notifications.work;
    },
    openAlert,
    openDrills: () => tellDesk('openDrills', {}),
    end() {
      clearInterval(look);
      tray.destroy();
    },
  };
}
