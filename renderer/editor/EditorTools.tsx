/** How the document is looked at, in which zone its times are, what is left to fill in, and how to take a step back. */
import { CornerUpLeft, SkipForward } from 'lucide-react';
import { type RefObject, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { DocumentOptions, DocumentSection } from '../../shared/model/document.ts';
import { count } from '../../shared/text.ts';
import { isZone } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Switch } from '../components/Switch.tsx';
import { zoneChoices } from '../incidents/draft-form.ts';
import { useZone } from '../state/live.ts';
import { say } from '../state/view.ts';
import css from './Editor.module.css';
import { goToNextGap } from './go-to-gap.ts';
import { gapsOf, type SectionFacts } from './section-facts.ts';
import { stepWords } from './section-steps.ts';
import type { Session } from './session.ts';

export type Looks = 'write' | 'both' | 'read';
const looksWords: Record<Looks, string> = { write: 'Text', both: 'Side by side', read: 'Preview' };

interface EditorToolsProps {
  session: Session;
  looks: Looks;
  onLooks(looks: Looks): void;
  sections: readonly DocumentSection[];
  facts: ReadonlyMap<string, SectionFacts>;
  body: RefObject<HTMLElement | null>;
}

export function EditorTools({ session, looks, onLooks, sections, facts, body }: EditorToolsProps) {
  const back = useStore(session.store, (it) => it.back);
  const titleOf = (key: string) => sections.find((it) => it.key === key)?.title ?? '';
  const last = back[back.length - 1];
  return (
    <div className={css.tools}>
      <Switch label="What is shown" value={looks} options={looksWords} onChange={onLooks} />
      <Times session={session} />
      {last && (
        <Button
          variant="quiet"
          icon={<CornerUpLeft />}
          title={`${stepWords(last, titleOf)} (Ctrl Alt Z)`}
          onClick={() => session.takeBack()}
        >
          Take back
        </Button>
      )}
      <Gaps session={session} sections={sections} facts={facts} body={body} />
    </div>
  );
}

function Gaps({ session, sections, facts, body }: Pick<EditorToolsProps, 'session' | 'sections' | 'facts' | 'body'>) {
  const gaps = useMemo(() => gapsOf(sections), [sections]);
  const { statements, proven } = useMemo(() => {
    const all = [...facts.values()];
    return { statements: all.reduce((n, it) => n + it.statements, 0), proven: all.reduce((n, it) => n + it.proven, 0) };
  }, [facts]);
  const caret = useStore(session.store, (it) => it.caret);
  const here = gaps.findIndex((gap) => gap.key === caret?.key && gap.from <= caret.at && caret.at < gap.to);
  return (
    <div className={css.gapTools}>
      <span className={css.hint}>
        {proven} of {count(statements, 'statement')} {proven === 1 ? 'has' : 'have'} evidence
      </span>
      {gaps.length === 0 ? (
        <span className={css.hint}>no gaps</span>
      ) : (
        <>
          <span className={css.gapCount}>{here >= 0 ? `gap ${here + 1} of ${gaps.length}` : `${count(gaps.length, 'gap')} left`}</span>
          <Button icon={<SkipForward />} keyHint="F8" onClick={() => goToNextGap(session, body.current)}>
            Next gap
          </Button>
        </>
      )}
    </div>
  );
}

const system = Intl.DateTimeFormat().resolvedOptions().timeZone;
const clocks = { '24h': '24 h', '12h': '12 h' } as const;

/** Zone and clock of every time in it: a change drafts anew what nobody edited. */
function Times({ session }: { session: Session }) {
  const options = useStore(session.store, (it) => it.document.options);
  const ours = useZone();
  const [busy, setBusy] = useState(false);
  const zones = zoneChoices(ours, isZone(system) ? system : 'UTC');
  const change = async (part: Partial<DocumentOptions>) => {
    setBusy(true);
    const { sections } = session.store.getState();
    const untouched = sections.filter((it) => it.drafted !== '' && it.text === it.drafted).map((it) => it.key);
    const edited = sections.filter((it) => it.drafted !== '' && it.text !== it.drafted).length;
    const reply = await session.redraft(untouched, { ...options, ...part });
    setBusy(false);
    if (!reply.ok) return say(`The times were not changed. ${reply.failure.text}`, 'bad');
    const kept =
      edited === 0
        ? ''
        : ` ${count(edited, 'section that you edited keeps', 'sections that you edited keep')} the old ones: see what is new above.`;
    say(`The times are changed.${kept}`);
  };
  return (
    <div className={css.times}>
      <label>
        <span className={css.hint}>Times in</span>
        <select value={options.zone} disabled={busy} onChange={(event) => void change({ zone: event.target.value })}>
          {!zones.some((it) => it.zone === options.zone) && <option value={options.zone}>{options.zone}</option>}
          {zones.map((it) => (
            <option key={it.zone} value={it.zone}>
              {it.label}
            </option>
          ))}
        </select>
      </label>
      <select
        aria-label="12 or 24 hours"
        value={options.clock}
        disabled={busy}
        onChange={(event) => void change({ clock: event.target.value as DocumentOptions['clock'] })}
      >
        {(Object.keys(clocks) as (keyof typeof clocks)[]).map((it) => (
          <option key={it} value={it}>
            {clocks[it]}
          </option>
        ))}
      </select>
    </div>
  );
}
