/** The ways of a report out of the house, one button each; who takes it is asked for, and what is not ready yet is said first. */
import { type ReactNode, useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { useWho, WhoField } from '../maintenance/WhoField.tsx';
import { say } from '../state/view.ts';
import css from './ExportFrame.module.css';

/** `why` is null where the person thought better of it. */
export type Left = { done: true; text: string; tone: 'good' | 'bad' } | { done: false; why: string | null };

export interface Way {
  label: string;
  help: string;
  icon: ReactNode;
  /** Takes it out, and has the timeline say so. */
  go(by: string): Promise<Left>;
}

interface ExportFrameProps {
  title: string;
  /** The title of what is taken out. */
  of: string;
  /** What is not ready yet. */
  warnings: readonly string[];
  groups: readonly { title: string | null; ways: readonly Way[] }[];
  onClose(): void;
}

export function ExportFrame({ title, of, warnings, groups, onClose }: ExportFrameProps) {
  const who = useWho();
  const [tried, setTried] = useState(false);
  /** Label of the way that is under way. */
  const [busy, setBusy] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const first = groups[0]?.ways[0];

  const go = async (way: Way) => {
    setTried(true);
    const by = who.by.trim();
    if (by === '' || busy !== null) return;
    who.remember();
    setBusy(way.label);
    setFailure(null);
    const left = await way.go(by);
    setBusy(null);
    if (!left.done) return setFailure(left.why);
    say(left.text, left.tone);
    onClose();
  };

  return (
    <Dialog open onClose={onClose} title={title} description={of}>
      {failure && (
        <div className={css.above}>
          <Notice tone="bad" title="It was not exported.">
            {failure}
          </Notice>
        </div>
      )}
      {warnings.map((it) => (
        <p key={it} className={css.warning}>
          {it}
        </p>
      ))}
      <WhoField
        who={who}
        label="Who takes it"
        tried={tried}
        autoFocus={!who.known}
        help="The timeline says who took it out. Your name is remembered."
      />
      {groups.map((group) => (
        <section key={group.title} className={css.group} data-alone={group.title === null || undefined}>
          {group.title !== null && <h3 className={css.groupTitle}>{group.title}</h3>}
          <ul className={css.ways}>
            {group.ways.map((way) => (
              <li key={way.label}>
                <Button
                  icon={way.icon}
                  busy={busy === way.label}
                  disabled={busy !== null}
                  autoFocus={who.known && way === first}
                  className={css.way}
                  onClick={() => void go(way)}
                >
                  {way.label}
                  <span className={css.help}>{way.help}</span>
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}
