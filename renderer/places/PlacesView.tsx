/** The screen "Sites": on the left every site with its links, DNS and mail; beside it the page of the one that is chosen. */
import { Globe } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { MailPage } from '../mail/MailPage.tsx';
import { type MailLine, mailLines, shownMail } from '../mail/stack.ts';
import { useLive } from '../state/live.ts';
import { inDrill } from '../state/role.ts';
import { openDialog, openPlace, type Place, useView } from '../state/view.ts';
import { DnsPage } from './DnsPage.tsx';
import { dnsStanding } from './dns-table.ts';
import { HostPage } from './HostPage.tsx';
import { LinkPage } from './LinkPage.tsx';
import css from './Places.module.css';
import { SitePage } from './SitePage.tsx';
import { type SiteLine, sitesOf } from './site-view.ts';
import { useDerived } from './use-derived.ts';

export function PlacesView() {
  const sites = useDerived(sitesOf);
  const dns = useLive((live) => dnsStanding(live.tables));
  const chosen = useView((view) => view.place);
  const subject = useLive((live) => (chosen && 'id' in chosen && chosen.id !== null ? live.tables.subjects[chosen.id] : undefined));
  const mail = useDerived(mailLines);
  const first = firstPlace(sites, mail, dns !== null);
  const place = chosen ?? first;
  if (!place) return <Nothing />;
  // The site of what is shown stays open in the list.
  const site = place.kind === 'site' ? place.id : place.kind === 'dns' || place.kind === 'mail' ? undefined : (subject?.site ?? null);
  return (
    <div className={css.view}>
      <nav className={css.list} aria-label="Sites and links">
        <ul>
          {sites.map((it) => (
            <SiteEntry key={it.id ?? ''} site={it} place={place} open={site === it.id} />
          ))}
        </ul>
        <Entry place={{ kind: 'dns' }} here={place.kind === 'dns'}>
          {dns ? <StandingMark standing={dns} /> : <Globe aria-hidden className={css.icon} />}
          <span className={css.cut}>DNS</span>
        </Entry>
        {mail.length > 0 && <MailEntries lines={mail} place={place} />}
      </nav>
      <div className={css.page} key={`${place.kind} ${'id' in place ? place.id : ''}`}>
        <Page place={place} />
      </div>
    </div>
  );
}

function Page({ place }: { place: Place }) {
  const subject = useLive((live) => ('id' in place && place.id !== null ? live.tables.subjects[place.id] : undefined));
  if (place.kind === 'dns') return <DnsPage />;
  if (place.kind === 'site' && (place.id === null || subject)) return <SitePage site={place.id} />;
  if (place.kind === 'link' && subject) return <LinkPage link={subject} />;
  if (place.kind === 'host' && subject) return <HostPage host={subject} />;
  if (place.kind === 'mail' && subject) return <MailPage entry={subject} />;
  return <p className={css.empty}>This is not in the inventory any more. What happened to it is still in the timeline.</p>;
}

function SiteEntry({ site, place, open }: { site: SiteLine; place: Place; open: boolean }) {
  return (
    <li>
      <Entry place={{ kind: 'site', id: site.id }} here={place.kind === 'site' && place.id === site.id}>
        <StandingMark standing={site.standing} />
        <span className={css.cut}>{site.name}</span>
      </Entry>
      {open && site.links.length > 0 && (
        <ul className={css.below}>
          {site.links.map((link) => (
            <li key={link.id}>
              <Entry place={{ kind: 'link', id: link.id }} here={place.kind === 'link' && place.id === link.id}>
                <StandingMark standing={link.standing} />
                <span className={css.cut}>{link.name}</span>
              </Entry>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function firstPlace(sites: readonly SiteLine[], mail: readonly MailLine[], dns: boolean): Place | null {
  if (sites[0]) return { kind: 'site', id: sites[0].id };
  if (dns) return { kind: 'dns' };
  return mail[0] ? { kind: 'mail', id: mail[0].id } : null;
}

/** The mail domains; of many only what is in trouble or chosen, until all are asked for. */
function MailEntries({ lines, place }: { lines: readonly MailLine[]; place: Place }) {
  const [all, setAll] = useState(false);
  const chosen = place.kind === 'mail' ? place.id : null;
  const shown = all ? lines : shownMail(lines, chosen);
  const more = lines.length - shown.length;
  return (
    <section aria-label="Mail">
      <h2 className={css.listTitle}>Mail</h2>
      <ul>
        {shown.map((it) => (
          <li key={it.id}>
            <Entry place={{ kind: 'mail', id: it.id }} here={it.id === chosen}>
              <StandingMark standing={it.standing} />
              <span className={css.cut}>{it.name}</span>
            </Entry>
          </li>
        ))}
      </ul>
      {(more > 0 || all) && (
        <button type="button" className={css.entry} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${more} more`}
        </button>
      )}
    </section>
  );
}

function Entry({ place, here, children }: { place: Place; here: boolean; children: ReactNode }) {
  return (
    <button type="button" className={css.entry} aria-current={here ? 'page' : undefined} onClick={() => openPlace(place)}>
      {children}
    </button>
  );
}

function Nothing() {
  return (
    <div className={css.empty}>
      <p>There are no sites, links or servers yet. What is in the inventory appears here by itself.</p>
      {!inDrill && (
        <Button variant="primary" onClick={() => openDialog({ kind: 'add', group: 'servers' })}>
          Add a server
        </Button>
      )}
    </div>
  );
}
