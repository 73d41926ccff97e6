/** Which notifications the system is asked to show: a few singly, a storm as one. Pure but for the timer it is given. */
import type { Announcement } from '../../shared/contract.ts';
import { clean, count } from '../../shared/text.ts';

/** One notification as the system shows it. */
export interface Note {
  title: string;
  body: string;
  urgency: 'low' | 'normal' | 'critical';
  /** The alert that a click opens. */
  alert: string;
}

/** A notification that is on the screen. */
export interface ShownNote {
  close(): void;
}

/** More than so many within `withinMs` become one. */
const mostSingly = 3;
const withinMs = 2_000;

const rank = { down: 3, degraded: 2, unknown: 1, ok: 0 } as const;
const urgencyOf = { down: 'critical', degraded: 'normal', unknown: 'low', ok: 'low' } as const;
const heads: Record<Announcement['kind'], string> = {
  raised: '',
  again: 'Open again: ',
  escalated: 'Nobody has it: ',
  recovered: 'Over: ',
};

/** The one that wants a human most; the first of several. */
export const worstAnnouncement = (all: readonly Announcement[]): Announcement | undefined =>
  all.reduce<Announcement | undefined>((worst, it) => (!worst || rank[it.severity] > rank[worst.severity] ? it : worst), undefined);

/** Titles and texts quote what servers said. */
export const noteOf = (it: Announcement): Note => ({
  title: clean(`${heads[it.kind]}${it.title}`, 160),
  body: clean(it.text, 300),
  urgency: urgencyOf[it.severity],
  alert: it.alert,
});

/** "5 new alerts, the worst: web1 is down". @param all at least one */
export function bundleOf(all: readonly Announcement[]): Note {
  const worst = worstAnnouncement(all) as Announcement;
  const over = all.filter((it) => it.kind === 'recovered').length;
  const open = all.length - over;
  const fresh = all.every((it) => it.kind === 'raised' || it.kind === 'recovered');
  const alerts = count(open, fresh ? 'new alert' : 'alert');
  const title =
    open === 0
      ? `${count(over, 'alert')} over, such as: ${worst.title}`
      : `${alerts}${fresh ? '' : ` ${open === 1 ? 'wants' : 'want'} somebody`}, the worst: ${worst.title}`;
  const more = open > 0 && over > 0 ? `${count(over, 'other')} ${over === 1 ? 'is' : 'are'} over. ` : '';
  return { title: clean(title, 200), body: clean(`${more}${worst.text}`, 300), urgency: urgencyOf[worst.severity], alert: worst.alert };
}

/**
 * Shows up to three announcements within two seconds as they come; where there are more, one that counts them all takes their place.
 * @param show puts a note on the screen; null where it could not
 * @param later runs something after so many ms
 */
export function createBundler(show: (note: Note) => ShownNote | null, later: (run: () => void, ms: number) => void) {
  let all: Announcement[] = [];
  let single: (ShownNote | null)[] = [];
  const finish = (): void => {
    if (all.length > mostSingly) {
      for (const note of single) note?.close();
      show(bundleOf(all));
    }
    all = [];
    single = [];
  };
  return {
    announce(announcements: readonly Announcement[]): void {
      if (announcements.length === 0) return;
      if (all.length === 0) later(finish, withinMs);
      all.push(...announcements);
      // What is bundled anyway need not flash by first.
      if (all.length <= mostSingly) single.push(...announcements.map((it) => show(noteOf(it))));
    },
  };
}
