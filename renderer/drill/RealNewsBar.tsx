/** A real alert while a drill is looked at: solid red, above the stripes. */
import { CircleAlert, X } from 'lucide-react';
import { desktop } from '../state/desktop.ts';
import { say } from '../state/view.ts';
import css from './RealNewsBar.module.css';
import { dismissNews, newsText, useRealNews, worstNews } from './real-news.ts';

async function showDesk(alert: string | null): Promise<void> {
  const reply = await desktop.showDesk({ alert });
  if (!reply.ok) say(reply.failure.text, 'bad');
}

export function RealNewsBar() {
  const all = useRealNews();
  const worst = worstNews(all);
  return (
    // Always there, so that a screen reader hears what comes into it.
    <div role="alert">
      {worst && (
        <div className={css.news}>
          <CircleAlert aria-hidden />
          <p className={css.words}>
            <strong>Not the drill:</strong> {newsText(all)}
          </p>
          <button type="button" className={css.show} onClick={() => void showDesk(worst.alert)}>
            Show the desk
          </button>
          <button type="button" className={css.close} onClick={dismissNews} aria-label="Dismiss" title="Dismiss">
            <X aria-hidden />
          </button>
        </div>
      )}
    </div>
  );
}
