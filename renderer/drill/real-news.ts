/** What the real desk calls out while this window plays a drill. It stays until somebody dismisses it, also when the page is loaded anew. */
import { z } from 'zod';
import { create } from 'zustand';
import type { Announcement } from '../../shared/contract.ts';
import { clean, count } from '../../shared/text.ts';
import { onDesktop } from '../state/desktop.ts';

const newsSchema = z.object({
  alert: z.string(),
  severity: z.enum(['down', 'degraded', 'unknown', 'ok']),
  title: z.string(),
  /** It recovered while nobody had dismissed it. */
  over: z.boolean(),
});
export type RealNews = z.infer<typeof newsSchema>;

/** Many more than anybody reads; the oldest go. */
const most = 100;
const rank = { down: 3, degraded: 2, unknown: 1, ok: 0 } as const;

/** Takes an announcement in: one line per alert. A recovery is told only of what was told before. */
export function withNews(all: readonly RealNews[], it: Announcement): RealNews[] {
  if (it.kind === 'recovered') return all.map((old) => (old.alert === it.alert ? { ...old, over: true } : old));
  const fresh: RealNews = { alert: it.alert, severity: it.severity, title: clean(it.title, 160), over: false };
  return [...all.filter((old) => old.alert !== it.alert), fresh].slice(-most);
}

/** The one to show: what is not over first, then the worst, then the newest. */
export function worstNews(all: readonly RealNews[]): RealNews | undefined {
  return all.reduce<RealNews | undefined>((worst, it) => (!worst || weight(it) >= weight(worst) ? it : worst), undefined);
}
const weight = (it: RealNews): number => (it.over ? 0 : 10) + rank[it.severity];

/** "Not the drill: web1 is down. And 2 more." @param all at least one */
export function newsText(all: readonly RealNews[]): string {
  const worst = worstNews(all);
  if (!worst) return '';
  const more = all.length > 1 ? ` And ${count(all.length - 1, 'more real alert')}.` : '';
  return `${worst.title}${worst.over ? ' (over by now)' : ''}.${more}`;
}

const place = 'nightdesk.real-news';
const read = (): RealNews[] => {
  try {
    return z
      .array(newsSchema)
      .max(most)
      .parse(JSON.parse(sessionStorage.getItem(place) ?? '[]'));
  } catch {
    return [];
  }
};

export const useRealNews = create<RealNews[]>(() => []);
const set = (all: RealNews[]): void => {
  useRealNews.setState(all, true);
  try {
    sessionStorage.setItem(place, JSON.stringify(all));
  } catch {
    // Only a page that is loaded anew would miss it.
  }
};
export const dismissNews = (): void => set([]);

/** Once, at the start of a drill's page. */
export function startRealNews(): void {
  useRealNews.setState(read(), true);
  onDesktop('announced', (it) => set(withNews(useRealNews.getState(), it)));
}
