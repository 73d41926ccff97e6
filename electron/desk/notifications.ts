/** Notifications of the system. A click opens the alert; where the system shows none, that is said once. */
import { Notification } from 'electron';
import type { Announcement } from '../../shared/contract.ts';
import { createBundler, type Note, type ShownNote } from './notes.ts';

export interface Notifications {
  announce(announcements: readonly Announcement[]): void;
  /** Whether the system shows them, as far as is known. */
  readonly work: boolean;
}

/** So many may wait for a click; JavaScript would collect one that nobody holds, and its click with it. */
const mostHeld = 50;

/** Some notification servers of Linux read markup in the text, and what a server said must not become a link. */
const plain = (text: string): string =>
  process.platform === 'linux' ? text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆') : text;

/** @param wanted whether the person wants them @param open shows an alert on the desk */
export function createNotifications(wanted: () => boolean, open: (alert: string) => void): Notifications {
  let work = Notification.isSupported();
  let told = false;
  const held = new Set<Notification>();
  const fails = (why: string): void => {
    work = false;
    if (told) return;
    told = true;
    console.error(`The system shows no notifications (${why}). Alerts are on the desk, sound and are sent to the channels all the same.`);
  };
  const show = (note: Note): ShownNote | null => {
    const { title, body, urgency, alert } = note;
    // The page makes the sound, by severity.
    const timeoutType = urgency === 'critical' ? 'never' : 'default';
    const shown = new Notification({ title: plain(title), body: plain(body), urgency, silent: true, timeoutType });
    const release = (): void => void held.delete(shown);
    shown.on('click', () => {
      release();
      open(alert);
    });
    shown.on('close', release);
    shown.on('show', () => {
      work = true;
    });
    shown.on('failed', (_event, error) => {
      release();
      fails(error);
    });
    held.add(shown);
    if (held.size > mostHeld) {
      const [oldest] = held;
      if (oldest) held.delete(oldest);
    }
    shown.show();
    return {
      close() {
        release();
        shown.close();
      },
    };
  };
  const bundler = createBundler(show, (run, ms) => void setTimeout(run, ms));
  return {
    get work() {
      return work;
    },
    announce(announcements) {
      if (!wanted()) return;
      if (!Notification.isSupported()) {
        fails('not supported here');
        return;
      }
      bundler.announce(announcements);
    },
  };
}
