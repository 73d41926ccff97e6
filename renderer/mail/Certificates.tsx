/** The certificates that the legs show, the one that runs out first on top. */
import { count } from '../../shared/text.ts';
import { Time } from '../components/Time.tsx';
import { Part, Soft } from '../places/Parts.tsx';
import place from '../places/Places.module.css';
import { useNow } from '../state/clock.ts';
import css from './Mail.module.css';
import { State } from './MailParts.tsx';
import type { CertificateRow } from './mail-tables.ts';

export function Certificates({ rows, asking }: { rows: readonly CertificateRow[]; asking: boolean }) {
  const now = useNow('quarter');
  return (
    <Part title="Certificates" aside={rows.length > 0 && <span className={place.soft}>{count(rows.length, 'certificate')} in use</span>}>
      {rows.length === 0 && (
        <Soft>{asking ? 'Reading what the probes saw…' : 'No certificate has been seen since Nightdesk was started.'}</Soft>
      )}
      <ul className={place.rows}>
        {rows.map((row) => (
          <li key={row.key}>
            <div className={css.listHead}>
              <State standing={row.state} word={row.validTo !== null && row.validTo < now ? row.left : `${row.left} left`} />
              {row.validTo !== null && (
                <span>
                  until <Time at={row.validTo} format="stamp" />
                </span>
              )}
            </div>
            <div>{row.names}</div>
            {row.problem && (
              <div className={css.state} data-standing="down">
                {row.problem}
              </div>
            )}
            <div className={place.soft}>
              {row.usedBy}
              {row.issuer && ` · by ${row.issuer}`}
            </div>
          </li>
        ))}
      </ul>
    </Part>
  );
}
