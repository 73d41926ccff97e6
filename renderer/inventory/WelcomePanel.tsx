/** First start, no inventory of one's own yet: says what is watched already and offers the next step. */
import { FileInput, GraduationCap, MapPin, Server, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { useDesk } from '../state/live.ts';
import { inDrill } from '../state/role.ts';
import { changeSettings, useSettings } from '../state/settings.ts';
import { openDialog } from '../state/view.ts';
import { AddSiteDialog } from './AddSiteDialog.tsx';
import css from './Inventory.module.css';
import { chooseInventory } from './open-inventory.ts';

export function WelcomePanel() {
  const starter = useDesk()?.inventory.starter ?? false;
  const done = useSettings((settings) => settings.welcomeDone);
  const [site, setSite] = useState(false);
  if (!starter || done || inDrill) return null;
  return (
    <section className={css.welcome} aria-labelledby="welcome-title">
      <div className={css.welcomeWords}>
        <h2 id="welcome-title" className={css.welcomeTitle}>
          This computer is being watched
        </h2>
        <p>
          Its load, its disks, its way out and its name service are measured from now on. Add what matters to you, or open an inventory that
          you have already. No servers yet? A drill plays an outage at an invented provider, with everything that Nightdesk does about it.
        </p>
      </div>
      <div className={css.offers}>
        <Button variant="primary" icon={<Server />} onClick={() => openDialog({ kind: 'add', group: 'servers' })}>
          Add a server
        </Button>
        <Button icon={<MapPin />} onClick={() => setSite(true)}>
          Add a site
        </Button>
        <Button icon={<FileInput />} onClick={() => void chooseInventory()}>
          Open an inventory…
        </Button>
        <Button icon={<GraduationCap />} onClick={() => openDialog({ kind: 'drills' })}>
          Play a drill
        </Button>
      </div>
      <Button
        className={css.dismiss}
        variant="quiet"
        icon={<X />}
        aria-label="Do not show this again"
        onClick={() => void changeSettings({ welcomeDone: true })}
      />
      <AddSiteDialog open={site} onClose={() => setSite(false)} />
    </section>
  );
}
