/** Those who call whoever plays a drill: providers that ring back, customers that report. */
import type { Reply } from '../../shared/bind.ts';
import type { DrillCall } from '../../shared/live.ts';
import type { LogEntry } from '../../shared/model/incident.ts';
import { fail } from '../../shared/result.ts';
import { count } from '../../shared/text.ts';
import type { Engine } from '../engine/engine.ts';
import { lineOf } from './people.ts';
import type { CallDeed } from './script.ts';

export interface Calls {
  /** Somebody calls. @param at epoch ms of the drill */
  ring(deed: CallDeed, at: number): void;
  /** The newest 50, oldest first. */
  list(): DrillCall[];
  /**
   * Writes one down in the log of the incident that is worked on (of several the one that was opened last), else of the night; dated when it came.
   * @returns `no-such-call`, `already-logged`, or why the engine did not take it
   */
  log(id: string, by: string): Promise<Reply<null>>;
}

const mostKept = 50;

export function callsOf(engine: Engine): Calls {
  const { tables } = engine.publisher;
  let calls: { call: DrillCall; entry: LogEntry }[] = [];
  let rung = 0;

  const who = (deed: CallDeed): string => {
    if (deed.kind === 'customerReport') return count(deed.count, 'customer');
    const { with: whom, tier, person, channel, ticket } = deed;
    const subject = tables.subjects[whom];
    return [
      subject?.provider ?? subject?.name ?? whom,
      tier,
      person,
      channel === 'ticket' && ticket !== undefined ? `ticket ${ticket}` : undefined,
    ]
      .filter((part) => part !== undefined)
      .join(', ');
  };
  const workedOn = (): string | null =>
    Object.values(tables.incidents)
      .filter(({ status, mergedInto }) => status !== 'resolved' && status !== 'reported' && mergedInto === null)
      .sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1))[0]?.id ?? null;

  return {
    ring(deed, at) {
      rung += 1;
      const entry = lineOf(deed);
      const kind = entry.type === 'contact' ? 'contact' : 'customer-report';
      const channel = entry.type === 'contact' ? entry.channel : null;
      const call: DrillCall = { id: `call-${rung}`, at, kind, channel, who: who(deed), text: deed.text, logged: false };
      calls = [...calls, { call, entry }].slice(-mostKept);
    },
    list: () => calls.map(({ call }) => call),
    async log(id, by) {
      const found = calls.find(({ call }) => call.id === id);
      if (!found) return fail({ code: 'no-such-call', text: 'There is no such call any more.' });
      if (found.call.logged) return fail({ code: 'already-logged', text: 'This call is written down already.' });
      const written = await engine.handlers.log({ incident: workedOn(), by, at: found.call.at, entry: found.entry });
      if (written.ok) found.call = { ...found.call, logged: true };
      return written;
    },
  };
}
