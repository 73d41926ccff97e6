/** Changing an incident from a dialog: who says so, what went wrong, and whether an answer is awaited. */
import { useState } from 'react';
import type { Reply } from '../../shared/bind.ts';
import type { IncidentChange } from '../../shared/model/incident.ts';
import { useWho } from '../maintenance/WhoField.tsx';
import { engine } from '../state/connect.ts';
import { useSend } from '../state/send.ts';

export function useChange() {
  const who = useWho();
  const [tried, setTried] = useState(false);
  const { busy, failure, send } = useSend();
  /** Asks once a name is there. @returns whether it is on disk */
  const ask = async (work: (by: string) => Promise<Reply<unknown>>, ready = true): Promise<boolean> => {
    setTried(true);
    if (!ready || !who.by.trim() || !(await send(() => work(who.by)))) return false;
    who.remember();
    return true;
  };
  return {
    who,
    tried,
    busy,
    failure,
    ask,
    change: (incident: string, change: IncidentChange, reason = '', ready = true) =>
      ask((by) => engine.changeIncident({ incident, by, reason, change }), ready),
  };
}
