/** The stretch of time that a document is about, with a little around it: that of its incident, or of the planned work. */
import { useMemo } from 'react';
import { beginningOf, endOf } from '../../shared/incidents/open.ts';
import type { NightDocument } from '../../shared/model/document.ts';
import { MINUTE } from '../../shared/time.ts';
import { useAsk } from '../detail/use-ask.ts';
import { now as rightNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';

export interface Stretch {
  from: number;
  to: number;
}

/** @returns null while it is not known */
export function useStretch({ incident, window, draftedAt }: NightDocument): Stretch | null {
  const asked = useAsk(incident && `about ${incident}`, () => engine.incident({ incident: incident ?? '' }), { version: draftedAt });
  const planned = useLive(({ tables }) => (window === null ? undefined : tables.windows[window]));
  return useMemo(() => {
    const now = rightNow();
    if (asked.value)
      return around(beginningOf(asked.value.incident, asked.value.alerts), endOf(asked.value.incident, asked.value.alerts) ?? now, now);
    const from = planned?.startedAt ?? planned?.from ?? null;
    return from === null ? null : around(from, planned?.endedAt ?? planned?.to ?? now, now);
  }, [asked.value, planned]);
}

function around(from: number, to: number, now: number): Stretch | null {
  const pad = Math.max(5 * MINUTE, (to - from) / 10);
  const end = Math.min(now, to + pad);
  return end > from - pad ? { from: from - pad, to: end } : null;
}
