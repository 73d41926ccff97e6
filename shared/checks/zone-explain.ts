/** What a verdict on a zone means for people, and what to do. */
import type { Verdict } from '../model/words.ts';
import type { Explanation } from './types.ts';

const outOfStep: Pick<Explanation, 'means' | 'todo'> = {
  means: 'Some people get old records, depending on which server they happen to ask.',
  todo: 'Look at the log of that server for failed transfers: is it allowed to copy the zone, is TCP port 53 open between the two, do the keys fit.',
};
const partly = 'Everybody else is served by the other servers, so people wait rather than fail. When the next one goes, the zone is gone.';
const unsigned: Pick<Explanation, 'means' | 'todo'> = {
  means: 'Resolvers that check signatures refuse the answers: for the people behind them the zone does not exist.',
  todo: 'Sign the zone anew and look why that did not happen by itself; then see that all servers have the new copy.',
};
const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The zone is served by all of its servers alike.', todo: 'Nothing.' },
  'serial-behind': outOfStep,
  'serial-ahead': {
    means: 'The primary has an older zone than its copies: they will not take its changes until its serial is newer than theirs.',
    todo: 'Was an old copy restored on the primary? Raise its serial above that of the others.',
  },
  servfail: {
    means: partly,
    todo: 'The server has the zone in its settings but cannot serve it: a copy that expired for want of its primary, or a file that does not load. Look at its log.',
  },
  lame: { means: partly, todo: 'Set the zone up on that server, or take the server out of the NS records here and at the registrar.' },
  'no-answer': {
    means: partly,
    todo: 'See whether the machine answers to ping; then look at the DNS program and at the firewall (UDP and TCP port 53).',
  },
  'signature-expired': unsigned,
  'signature-not-yet-valid': unsigned,
  'not-signed': unsigned,
  bogus: unsigned,
  'signature-expires-soon': {
    means: 'Nobody is affected yet. Once it has expired, resolvers that check signatures refuse the whole zone.',
    todo: 'Look why the zone is not signed anew by itself, and sign it.',
  },
  'not-validated': {
    means:
      'Nobody is turned away, but the signatures protect nobody: the parent does not vouch for the key, or the resolver does not check.',
    todo: 'Look whether the DS record stands at the registrar, and whether the resolver checks signatures at all.',
  },
  'name-not-found': { means: 'Nobody finds what is in this zone.', todo: 'Look whether the domain has run out, then at its delegation.' },
  slow: { means: 'It works, but first visits wait for it.', todo: 'Look at the load of the server and at the link.' },
};
const lookHere = {
  means: 'Nothing is known about the zone: the fault is on this side.',
  todo: "Look at the transcript and at this computer's resolver.",
};

/** @param happened what was seen, a whole sentence */
export function explainZone(happened: string, verdict: Verdict): Explanation {
  if (verdict.state === 'unknown') return { happened, ...lookHere };
  const found = advice[verdict.reason] ?? {
    means: partly,
    todo: 'Look at the log of that server: does the zone load, and may everybody ask for it.',
  };
  if (verdict.state === 'down' && found.means === partly)
    return { happened, means: 'Nobody finds what is in this zone, once what others have kept of it runs out.', todo: found.todo };
  return { happened, ...found };
}
