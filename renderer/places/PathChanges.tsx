/** When the way over a link changed, from the timeline: of the link itself and of the ranges that it carries. */
import { Button } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { Time } from '../components/Time.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { Part, Soft } from './Parts.tsx';
import css from './Places.module.css';
import { useDerived } from './use-derived.ts';

const read = 300;
const most = 8;
const refreshMs = 30_000;

export function PathChanges({ link }: { link: string }) {
  const subjects = useDerived((tables) => [
    link,
    ...Object.values(tables.subjects)
      .filter((it) => it.kind === 'prefix' && it.dependsOn.flat().includes(link))
      .map((it) => it.id),
  ]);
  const asked = useAsk(
    `paths ${subjects.join(' ')}`,
    () => engine.events({ before: null, limit: read, kinds: ['observed'], subjects, text: null, from: null, to: null }),
    { everyMs: refreshMs },
  );
  const changes = (asked.value ?? []).flatMap((event) =>
    event.kind === 'observed' && event.payload.code === 'path-changed' ? [{ id: event.id, at: event.at, text: event.payload.text }] : [],
  );
  return (
    <Part title="Changes of the way">
      {asked.failure && (
        <Notice tone="warn" actions={<Button onClick={asked.again}>Try again</Button>}>
          The changes cannot be shown. {asked.failure}
        </Notice>
      )}
      {asked.value && changes.length === 0 && <Soft>None has been seen.</Soft>}
      <ol className={css.rows}>
        {changes.slice(0, most).map((it) => (
          <li key={it.id}>
            <span className={css.soft}>
              <Time at={it.at} format="stamp" />
            </span>{' '}
            {it.text}
          </li>
        ))}
      </ol>
      {changes.length > most && <Soft>and {changes.length - most} more in the timeline</Soft>}
    </Part>
  );
}
