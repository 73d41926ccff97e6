/** What went well, badly and by luck: only what the facts say; the rest is asked. */
import { clean, count, listOf } from '../../text.ts';
import { HOUR, MINUTE } from '../../time.ts';
import type { Block, Statement } from '../draft.ts';
import { backupOf, called, gap, list, type Page, say } from './page.ts';
import { isTold } from './public-words.ts';

/** Noticed or taken on within this is good; later than that much is not. */
const soonMs = 5 * MINUTE;
const lateMs = 15 * MINUTE;
/** Waiting for others for less than this is how things go. */
const longWaitMs = 30 * MINUTE;

export function lessons(page: Page): { well: Block[]; badly: Block[]; luck: Block[] } {
  const { facts } = page;
  if (facts.firstSymptom === null && facts.alerts.length === 0) return { well: [], badly: [], luck: [] };
  const well = wentWell(page).filter((it) => it.length > 0);
  const badly = wentBadly(page).filter((it) => it.length > 0);
  const asked = (question: string): Block[] => (facts.ongoing ? [] : [gap(question)]);
  return {
    well: well.length > 0 ? [list(...well)] : asked('What went well?'),
    badly: badly.length > 0 ? [list(...badly)] : asked('What should go better next time?'),
    luck: asked('Where were we lucky?'),
  };
}

function wentWell(page: Page): Statement[][] {
  const { facts, times } = page;
  const { firstSymptom, detection, acknowledgement, durations } = facts;
  const noticed =
    firstSymptom && detection?.by === 'desk' && durations.toDetectMs !== null && durations.toDetectMs <= soonMs
      ? say(
          `The desk saw it ${durations.toDetectMs < 1_000 ? 'with' : `${times.duration(durations.toDetectMs)} after`} ${firstSymptom.dueBackAt === null ? 'the first symptom' : 'the planned end of the work'}.`,
          firstSymptom.evidence,
          detection.evidence.slice(0, 1),
        )
      : [];
  const taken =
    acknowledgement && durations.toAcknowledgeMs !== null && durations.toAcknowledgeMs <= soonMs
      ? say(
          `${called(acknowledgement.by)} took it on ${durations.toAcknowledgeMs < 1_000 ? 'at once' : `${times.duration(durations.toAcknowledgeMs)} after the alert`}.`,
          acknowledgement.evidence,
        )
      : [];
  const promised = facts.statusUpdates.filter((it) => it.kept !== null);
  const kept =
    promised.length > 0 && promised.every((it) => it.kept)
      ? say(
          promised.length === 1
            ? 'The next update came when it was promised.'
            : `${promised.length === 2 ? 'Both' : `All ${promised.length}`} promised updates came in time.`,
          promised.flatMap((it) => it.evidence),
        )
      : [];
  const onTime = facts.work
    .filter((it) => it.coversIncident && !it.cancelled && it.to !== null && it.plannedTo !== null && it.overrunMs < MINUTE)
    .slice(0, 3)
    .map((it) => say(`“${clean(it.name, 120)}” ended within its planned time.`, it.evidence));
  const backups = facts.backups
    .filter((it) => it.hit && it.lossMs !== null && it.lossMs <= 24 * HOUR)
    .slice(0, 3)
    .map((it) => say(`A usable backup${backupOf(it)} was there, ${times.duration(it.lossMs ?? 0)} old.`, it.evidence));
  return [noticed, taken, kept, ...onTime, ...backups];
}

function wentBadly(page: Page): Statement[][] {
  return [...slowStart(page), ...waits(page), ...overruns(page), ...words(page), ...blind(page)];
}

function slowStart({ facts, times, input }: Page): Statement[][] {
  const { firstSymptom, detection, acknowledgement, customers, durations, escalations } = facts;
  const late =
    firstSymptom && detection && durations.toDetectMs !== null && durations.toDetectMs > lateMs
      ? say(
          `It took ${times.duration(durations.toDetectMs)}${firstSymptom.dueBackAt === null ? '' : ' from the planned end of the work'} until it was noticed.`,
          firstSymptom.evidence,
          detection.evidence.slice(0, 2),
        )
      : [];
  const first = customers?.beforeDetection ? say('Customers noticed it before the desk did.', customers.first.evidence) : [];
  const untaken =
    detection && !acknowledgement && facts.alerts.length > 0
      ? say(
          `Nobody took it for ${times.duration((facts.recovery?.at ?? input.to) - detection.at)}${facts.recovery ? ', until it was over' : ' so far'}.`,
          detection.evidence.slice(0, 2),
        )
      : [];
  const slow =
    acknowledgement && durations.toAcknowledgeMs !== null && durations.toAcknowledgeMs > lateMs
      ? say(`Nobody took it for ${times.duration(durations.toAcknowledgeMs)}.`, detection?.evidence.slice(0, 1), acknowledgement.evidence)
      : [];
  const escalated =
    escalations.length > 0
      ? say(
          `It was escalated ${escalations.length === 1 ? 'once' : `${escalations.length} times`}, as nobody had it.`,
          escalations.flatMap((it) => it.evidence),
        )
      : [];
  return [late, first, untaken, slow, escalated];
}

function waits({ facts, times }: Page): Statement[][] {
  // A wait that nobody ended on record says nothing once all is over.
  const waited = facts.contacts.filter((it) => it.waited !== null && it.waited.ms > 0 && (it.waited.to !== null || facts.ongoing));
  return [...Map.groupBy(waited, (it) => it.name)].flatMap(([name, those]): Statement[][] => {
    const ms = those.reduce((sum, it) => sum + (it.waited?.ms ?? 0), 0);
    if (ms < longWaitMs) return [];
    const still = those.some((it) => it.waited?.to === null) ? ' so far' : '';
    return [
      say(
        `We waited ${times.duration(ms)} for ${called(name)}${still}.`,
        those.flatMap((it) => it.evidence),
      ),
    ];
  });
}

function overruns({ facts, times }: Page): Statement[][] {
  return facts.work
    .filter((it) => it.coversIncident && it.overrunMs >= MINUTE)
    .slice(0, 4)
    .map((it) =>
      say(
        `“${clean(it.name, 120)}” overran by ${times.duration(it.overrunMs)}${it.to === null && facts.ongoing ? ' so far' : ''}.`,
        it.evidence,
      ),
    );
}

function words({ facts, times }: Page): Statement[][] {
  const late = facts.statusUpdates.filter((it) => it.kept === false);
  const broken =
    late.length > 0
      ? say(
          `${count(late.length, 'promised update')} did not come in time.`,
          late.flatMap((it) => it.evidence),
        )
      : [];
  const public_ = facts.statusUpdates.filter((it) => isTold(it.audience));
  const silent =
    facts.incident &&
    public_.length === 0 &&
    facts.durations.lastedMs >= HOUR &&
    facts.affected.some((it) => it.kind === 'service' || it.kind === 'mail')
      ? say('No update to customers is on record.', facts.incident.evidence)
      : [];
  const unsent = facts.notTold.slice(0, 4).map((it) => {
    const often = it.times === 1 ? 'a message' : `${it.times} messages`;
    return say(`${called(it.channel)} did not take ${often}${it.givenUp > 0 ? `, ${it.givenUp} of them never` : ''}.`, it.evidence);
  });
  const owed = facts.owed
    .filter((it) => it.state === 'late' && it.dueAt !== null)
    .slice(0, 3)
    .map((it) => say(`What ${called(it.name)} owes us was due ${times.exact(it.dueAt ?? 0)} and is not in.`, it.evidence));
  return [broken, silent, ...unsent, ...owed];
}

/** What nobody could see. */
function blind({ facts, times }: Page): Statement[][] {
  const unwatched = facts.notKnown.filter((it) => it.evidence.some((key) => key.startsWith('unwatched:')));
  const none =
    unwatched.length > 0
      ? say(
          `Nothing watches ${listOf(
            unwatched.map((it) => clean(it.audience, 80)),
            6,
          )}.`,
          unwatched.flatMap((it) => it.evidence),
        )
      : [];
  const asleep = facts.gaps.filter((it) => it.why !== 'events-cut' && it.why !== 'cut-off' && it.to !== null);
  const gone = asleep.reduce((ms, it) => ms + ((it.to ?? it.from) - it.from), 0);
  const gaps =
    gone >= MINUTE
      ? say(
          `For ${times.duration(gone)} nothing was watched.`,
          asleep.flatMap((it) => it.evidence),
        )
      : [];
  return [none, gaps];
}
