/** What the pages of this screen share: head, parts, tables of things, contacts, planned work. */
import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { standingWord } from '../../shared/health/standing.ts';
import type { LiveTables } from '../../shared/live.ts';
import type { Contact } from '../../shared/model/inventory.ts';
import type { Standing } from '../../shared/model/words.ts';
import { Button } from '../components/Button.tsx';
import { StandingMark } from '../components/StandingMark.tsx';
import { copyText } from '../detail/copy-text.ts';
import { stateText } from '../maintenance/window-words.ts';
import { useNow } from '../state/clock.ts';
import { desktop } from '../state/desktop.ts';
import { useZone } from '../state/live.ts';
import { openPlace, type Place, say, showScreen } from '../state/view.ts';
import type { MatrixSentence } from './matrix.ts';
import css from './Places.module.css';
import { windowsOn } from './site-view.ts';
import { useDerived } from './use-derived.ts';

export function Head({
  name,
  standing,
  what,
  text,
  children,
}: {
  name: string;
  standing: Standing | null;
  what: string;
  text?: string;
  children?: ReactNode;
}) {
  return (
    <header className={css.head}>
      {standing && <StandingMark standing={standing} silent className={css.headMark} />}
      <h2 className={css.name}>{name}</h2>
      {standing && <StandingWord standing={standing} />}
      <span className={css.what}>{what}</span>
      {text && <span className={css.cut}>{text}</span>}
      <div className={css.actions}>{children}</div>
    </header>
  );
}

/** What the matrix says, in words. */
export function Sentences({ said }: { said: readonly MatrixSentence[] }) {
  return (
    said.length > 0 && (
      <ul className={css.said}>
        {said.map((it) => (
          <li key={it.text} data-tone={it.tone}>
            {it.text}
          </li>
        ))}
      </ul>
    )
  );
}

export function StandingWord({ standing }: { standing: Standing }) {
  return (
    <span className={css.standing} data-standing={standing}>
      {standingWord[standing]}
    </span>
  );
}

export function Part({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.part} aria-label={title}>
      <div className={css.partHead}>
        <h3 className={css.partTitle}>{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}

export const Soft = ({ children }: { children: ReactNode }) => <p className={css.soft}>{children}</p>;

/** A name that leads to the page about it. */
export function PlaceLink({ place, children }: { place: Place; children: ReactNode }) {
  return (
    <button type="button" className={css.link} onClick={() => openPlace(place)}>
      {children}
    </button>
  );
}

async function copy(what: string, text: string): Promise<void> {
  if (await copyText(text)) say(`${what} copied.`);
  else say(`${what} could not be copied.`, 'bad');
}
export function CopyButton({ what, text }: { what: string; text: string }) {
  return <Button variant="quiet" icon={<Copy />} aria-label={`Copy ${what}`} onClick={() => void copy(what, text)} />;
}

async function openUrl(url: string): Promise<void> {
  const reply = await desktop.openExternal({ url });
  if (!reply.ok) say(`${url} could not be opened. ${reply.failure.text}`, 'bad');
}

export function Contacts({ contacts, circuit }: { contacts: readonly Contact[]; circuit?: string | undefined }) {
  return (
    <Part title="Whom to call">
      {circuit !== undefined && (
        <p className={css.circuit}>
          Circuit for the ticket: <strong>{circuit}</strong>
          <CopyButton what="circuit" text={circuit} />
        </p>
      )}
      {contacts.length === 0 && (
        <Soft>No contacts are written in the inventory. Add them under “contacts”, and they are here when they are needed.</Soft>
      )}
      <ul className={css.contacts}>
        {contacts.map((it, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: contacts have no id, and their order is that of the file
          <li key={index} className={css.contact}>
            <span>
              <strong>{it.name}</strong> {it.tier && <span className={css.soft}>{it.tier}</span>}
            </span>
            {it.phone && (
              <span className={css.phone}>
                {it.phone}
                <CopyButton what={`phone number of ${it.name}`} text={it.phone} />
              </span>
            )}
            {it.email && (
              <span>
                {it.email}
                <CopyButton what={`mail address of ${it.name}`} text={it.email} />
              </span>
            )}
            {it.url !== undefined && (
              <button type="button" className={css.link} onClick={() => void openUrl(it.url ?? '')}>
                {it.url.replace(/^https?:\/\//, '').slice(0, 60)}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** @param on ids of what the work touches */
export function PlannedWork({ on }: { on: (tables: LiveTables) => string[] }) {
  const windows = useDerived((tables) => windowsOn(tables, on(tables)));
  const now = useNow('quarter');
  const zone = useZone();
  return (
    <Part
      title="Planned work"
      aside={
        <Button variant="quiet" onClick={() => showScreen('maintenance')}>
          Open the calendar
        </Button>
      }
    >
      {windows.length === 0 && <Soft>Nothing is planned here.</Soft>}
      <ul className={css.rows}>
        {windows.map((it) => (
          <li key={it.id} className={css.row}>
            <StandingMark standing={it.overrunSince !== null ? 'degraded' : it.running ? 'maintenance' : 'pending'} silent />
            <span>
              <strong>{it.name}</strong> <span className={css.soft}>{stateText(it, zone, now)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}
