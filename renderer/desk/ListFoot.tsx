/** Below the alerts: what is silenced for now and until when, and who is on call. */
import { BellOff, Phone } from 'lucide-react';
import { whenText } from '../../shared/headline-words.ts';
import type { Silence } from '../../shared/model/maintenance.ts';
import { listOf } from '../../shared/text.ts';
import { Button } from '../components/Button.tsx';
import { useNow } from '../state/clock.ts';
import { silencesInForce } from '../state/derive.ts';
import { useDesk, useLive, useZone } from '../state/live.ts';
import css from './AlertList.module.css';
import { endSilence } from './actions.ts';

export function Silences() {
  const silences = useLive((live) => silencesInForce(live.tables.silences));
  if (silences.length === 0) return null;
  return (
    <section className={css.silences} aria-label="Silences in force">
      <h3 className={css.footTitle}>
        <BellOff aria-hidden /> Silenced
      </h3>
      <ul>
        {silences.map((silence) => (
          <SilenceRow key={silence.id} silence={silence} />
        ))}
      </ul>
    </section>
  );
}

function SilenceRow({ silence }: { silence: Silence }) {
  const zone = useZone();
  const now = useNow('quarter');
  const what = useLive((live) =>
    listOf(
      silence.subjects.map((id) => live.tables.subjects[id]?.name ?? (id === 'desk' ? 'this desk' : id)),
      3,
    ),
  );
  return (
    <li className={css.silenceRow}>
      <p className={css.words}>
        {what}
        <span className={css.meta}>
          {' '}
          until {whenText(silence.until, now, zone)} · {silence.by}: “{silence.reason}”
        </span>
      </p>
      <Button variant="quiet" aria-label={`End the silence of ${what}`} onClick={() => void endSilence(silence.id)}>
        End
      </Button>
    </li>
  );
}

/** One line for each rota; nothing where there is none. */
export function OnCall() {
  const rotas = useDesk()?.onCall ?? [];
  const zone = useZone();
  const now = useNow('quarter');
  if (rotas.length === 0) return null;
  return (
    <section className={css.onCall} aria-label="On call">
      {rotas.map((rota) => (
        <p key={rota.rota} data-nobody={rota.person === null ? '' : undefined}>
          {rota.person === null
            ? `Nobody is on call now (${rota.name})`
            : `On call: ${rota.person}${rotas.length > 1 ? ` (${rota.name})` : ''}`}
          {rota.until !== null && ` until ${whenText(rota.until, now, zone)}`}
          {rota.person !== null && rota.phone && (
            <span className={css.phone}>
              <Phone aria-label="telephone" /> {rota.phone}
            </span>
          )}
        </p>
      ))}
    </section>
  );
}
