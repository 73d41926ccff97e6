/** What a verdict on a delegation means for people, and what to do. */
import type { Verdict } from '../model/words.ts';
import type { Explanation } from './types.ts';

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'People are sent to the right servers.', todo: 'Nothing.' },
  'not-delegated': {
    means: 'Nobody finds what is in this zone, once what others have kept of it runs out.',
    todo: 'Look at the registrar whether the domain has run out or is held, and which name servers stand there.',
  },
  lame: {
    means:
      'People who are sent to that server get no answer there and have to try another one: slow at first, gone when the next one fails.',
    todo: 'Set the zone up on that server, or take the server out at the registrar and in the zone.',
  },
  'ns-missing': {
    means: 'Those servers take no load, and are not there when they are needed.',
    todo: 'Add them at the registrar, or take them out of the zone.',
  },
  'ns-extra': {
    means: 'People are sent to servers that the zone no longer counts as its own.',
    todo: 'Take them out at the registrar, or add them to the zone.',
  },
  'glue-missing': {
    means: 'Nobody finds those servers: their name can only be looked up at themselves.',
    todo: 'Give their addresses at the registrar (host or glue records).',
  },
  'glue-differs': {
    means: 'People are sent to addresses where the server is not, or not known to be.',
    todo: 'Correct the addresses at the registrar (host or glue records), or in the zone.',
  },
  'parents-differ': {
    means: 'Probably a change is on its way through the servers of the zone above.',
    todo: 'Wait an hour; then ask the registrar.',
  },
  'servers-differ': { means: 'Some servers have an older zone.', todo: 'Compare the serial numbers of all servers.' },
  'name-not-found': { means: 'The zone above could not be found.', todo: 'Look at the name of the zone.' },
};
const lookHere = { means: 'Nothing is known about the delegation.', todo: "Look at the transcript and at this computer's resolver." };

/** @param happened what was seen, a whole sentence */
export const explainDelegation = (happened: string, verdict: Verdict): Explanation => ({
  happened,
  ...(verdict.state === 'unknown' ? lookHere : (advice[verdict.reason] ?? lookHere)),
});
