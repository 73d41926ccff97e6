/** A mail domain on one page: what works and what does not in a sentence, its stack as a picture, round trip, queue, records, certificates. */
import { RefreshCw } from 'lucide-react';
import { stackSentence } from '../../shared/mail/say-legs.ts';
import type { Subject } from '../../shared/model/plan.ts';
import type { Standing } from '../../shared/model/words.ts';
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { CheckList } from '../detail/CheckList.tsx';
import { useCheckNow } from '../detail/use-check-now.ts';
import { Head, Part, PlannedWork, Sentences, Soft } from '../places/Parts.tsx';
import css from '../places/Places.module.css';
import { useDerived } from '../places/use-derived.ts';
import { useFacts } from '../places/use-facts.ts';
import { useNow } from '../state/clock.ts';
import { checksUnder, legsOf } from '../state/derive.ts';
import { useLive, useSubject, useZone } from '../state/live.ts';
import { openDialog, select } from '../state/view.ts';
import { Blocklists } from './Blocklists.tsx';
import { Certificates } from './Certificates.tsx';
import { certificateRows, plansOfType } from './mail-tables.ts';
import { Posture } from './Posture.tsx';
import { Queues } from './Queues.tsx';
import { RoundTrips } from './RoundTrips.tsx';
import { StackPicture } from './StackPicture.tsx';
import { legsSaid, stackStanding } from './stack.ts';
import { stackNodes } from './stack-nodes.ts';

const toneOf = (standing: Standing): 'bad' | 'warn' | 'calm' =>
  standing === 'down' ? 'bad' : standing === 'ok' || standing === 'maintenance' || standing === 'pending' ? 'calm' : 'warn';

export function MailPage({ entry }: { entry: Subject }) {
  const site = useSubject(entry.site);
  const now = useNow('quarter');
  const zone = useZone();
  const ids = useDerived((tables) => checksUnder(tables, entry.id));
  const legs = useDerived((tables) => legsSaid(tables, entry.id));
  const standing = useLive((live) => stackStanding(live.tables, entry.id));
  const asked = useFacts(ids);
  const { seen, asking } = asked;
  const nodes = useDerived((tables) => stackNodes(tables, entry.id, seen, now));
  const certificates = useDerived((tables) => certificateRows(tables, ids, seen, now));
  const of = useDerived((tables) => ({
    roundtrip: plansOfType(tables, ids, 'roundtrip'),
    queue: plansOfType(tables, ids, 'queue'),
    posture: plansOfType(tables, ids, 'posture'),
    blocklist: plansOfType(tables, ids, 'blocklist'),
  }));
  const subjects = useDerived((tables) => [entry.id, ...legsOf(tables, entry.id).map((leg) => leg.id)]);
  const checkNow = useCheckNow(ids);
  const said = stackSentence(legs, now, zone).sentences.map(({ standing: how, text }) => ({ tone: toneOf(how), text: `${text}.` }));
  const all = { seen, asking };
  return (
    <>
      <Head name={entry.name} standing={standing} what={['mail', site?.name].filter(Boolean).join(' · ')}>
        {ids.length > 0 && (
          <Button icon={<RefreshCw />} busy={checkNow.running} onClick={checkNow.start}>
            {checkNow.running ? 'Checking…' : 'Check now'}
          </Button>
        )}
        <Button onClick={() => openDialog({ kind: 'note', subject: { kind: 'mail', id: entry.id } })}>Note</Button>
        <Button onClick={() => openDialog({ kind: 'plan', window: null, affects: [entry.id] })}>Plan work</Button>
        <Button onClick={() => select(entry.id)}>Show on the desk</Button>
      </Head>
      {legs.length > 0 && <Sentences said={said} />}
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          What the probes saw cannot be shown. {asked.failure}
        </Notice>
      )}
      {legs.length === 0 && (
        <Soft>
          This entry has no legs yet. Name its servers in the inventory (servers: mail.example.net), and a test mailbox, and receiving,
          sending, delivery and reading are watched one by one.
        </Soft>
      )}
      {legs.length > 0 && <StackPicture nodes={nodes} />}
      <div className={css.columns}>
        <div className={css.main}>
          {legs.length > 0 && (
            <>
              <RoundTrips plans={of.roundtrip} {...all} />
              <Queues plans={of.queue} {...all} />
              <Posture plans={of.posture} {...all} />
              <Blocklists plans={of.blocklist} {...all} />
            </>
          )}
          <Part title="Checks">
            {ids.length === 0 && <Soft>Nothing is checked here yet.</Soft>}
            {ids.length > 0 && <CheckList ids={ids} chosen={null} subject={entry} onChoose={(id) => select(ownerOf(id), id)} />}
          </Part>
        </div>
        <div className={css.side}>
          {legs.length > 0 && <Certificates rows={certificates} asking={asking} />}
          <PlannedWork on={() => [...subjects, ...(entry.site === null ? [] : [entry.site])]} />
        </div>
      </div>
    </>
  );
}

/** A leg is a subject of its own, and its detail is that of the leg. */
const ownerOf = (check: string): string => check.slice(0, check.indexOf('/'));
