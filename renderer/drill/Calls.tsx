/** What comes in from outside while a player acts: calls, answers, and customers. It is written down under the player's name, or let go. */
import { Mail, MessageSquare, PenLine, Phone, Ticket, UserRound, Users } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { DrillCall } from '../../shared/live.ts';
import type { ContactChannel } from '../../shared/model/incident.ts';
import { cleanLines } from '../../shared/text.ts';
import { Button } from '../components/Button.tsx';
import { Time } from '../components/Time.tsx';
import { useWho } from '../maintenance/WhoField.tsx';
import { useLive } from '../state/live.ts';
import { say } from '../state/view.ts';
import css from './Calls.module.css';
import { callHead, dismissCall, moreCalls, useDismissed, waitingCalls } from './calls.ts';
import { writeCallDown } from './steer.ts';

/** So many are shown until somebody wants to see the others; none once the drill is over. */
const fewCalls = 2;
const mostText = 2_000;
const noCalls: DrillCall[] = [];

export function Calls() {
  const calls = useLive((live) => live.tables.drill.drill?.calls ?? noCalls);
  const dismissed = useDismissed();
  const [all, setAll] = useState(false);
  const waiting = waitingCalls(calls, dismissed);
  const over = useLive((live) => live.tables.drill.drill?.state === 'over');
  const few = over ? 0 : fewCalls;
  const hidden = waiting.length - few;
  const newest = waiting[0];
  return (
    <>
      {/* Said aloud when it comes; the buttons are found in the list. */}
      <p className="visually-hidden" role="status">
        {newest && !over && callHead(newest)}
      </p>
      {waiting.length > 0 && (
        <div className={css.calls}>
          <ul aria-label="Calls, newest first">
            {(all ? waiting : waiting.slice(0, few)).map((call) => (
              <Call key={call.id} call={call} />
            ))}
          </ul>
          {hidden > 0 && (
            <Button variant="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
              {moreCalls(hidden, all, over)}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

const icons: Record<ContactChannel, typeof Phone> = { phone: Phone, ticket: Ticket, mail: Mail, chat: MessageSquare, 'on-site': UserRound };

function Call({ call }: { call: DrillCall }) {
  const who = useWho();
  const Icon = call.channel === null ? Users : icons[call.channel];
  const [naming, setNaming] = useState(false);
  const [busy, setBusy] = useState(false);
  const write = async () => {
    if (!who.by.trim()) {
      setNaming(true);
      return;
    }
    setBusy(true);
    const failure = await writeCallDown(call.id, who.by.trim());
    setBusy(false);
    if (failure !== null) {
      say(`It was not written down. ${failure}`, 'bad');
      return;
    }
    who.remember();
    say('It is in the log.');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void write();
  };
  return (
    <li className={css.call}>
      <Icon aria-hidden />
      <p className={css.words}>
        <strong>{callHead(call)}</strong>{' '}
        <span className={css.when}>
          <Time at={call.at} withZone />
        </span>
        <span className={css.text}>“{cleanLines(call.text, mostText)}”</span>
      </p>
      <form className={css.deeds} onSubmit={submit}>
        {naming && (
          <input
            aria-label="Your name"
            placeholder="Your name"
            value={who.by}
            maxLength={80}
            autoComplete="name"
            // biome-ignore lint/a11y/noAutofocus: it comes in answer to a click on the button beside it
            autoFocus
            onChange={(event) => who.setBy(event.target.value)}
          />
        )}
        <Button type="submit" icon={<PenLine />} busy={busy} aria-label={`Write it down: ${callHead(call)}`}>
          Write it down
        </Button>
        <Button variant="quiet" aria-label={`Dismiss: ${callHead(call)}`} onClick={() => dismissCall(call.id)}>
          Dismiss
        </Button>
      </form>
    </li>
  );
}
