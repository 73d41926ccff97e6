/** "Play a drill": which one, who acts, and how fast. It plays in a window of its own; the desk goes on. */
import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { DrillInfo } from '../../shared/scenario/debrief.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { useAsk } from '../detail/use-ask.ts';
import { engine } from '../state/connect.ts';
import { desktop } from '../state/desktop.ts';
import { useSend } from '../state/send.ts';
import { closeDialog } from '../state/view.ts';
import { speeds } from './band-words.ts';
import { chosenOf, lastsWords, listed, sizeWords } from './drill-list.ts';
import css from './PlayDrillDialog.module.css';

type Acts = 'player' | 'script';
const actsChoices: { acts: Acts; title: string; text: string }[] = [
  { acts: 'player', title: 'I act', text: 'You acknowledge, call, write and draft. Providers and customers call you.' },
  { acts: 'script', title: 'Watch it played', text: 'People of the script do all of that, as it was done in the story.' },
];

export function PlayDrillDialog() {
  const asked = useAsk('drills', () => engine.drills({}));
  const [wanted, setWanted] = useState<string | null>(null);
  const [acts, setActs] = useState<Acts>('player');
  const [speed, setSpeed] = useState<number>(10);
  const { busy, failure, send } = useSend();
  const all = asked.value && listed(asked.value);
  const chosen = all ? chosenOf(all, wanted) : undefined;
  /** @param drill null = a file that a person chooses */
  const play = async (drill: string | null) => {
    let opened = false;
    const done = await send(async () => {
      const reply = await desktop.playDrill({ drill, acts, speed });
      opened = reply.ok && reply.value.opened;
      return reply;
    });
    if (done && opened) closeDialog();
  };
  return (
    <Dialog
      open
      wide
      onClose={closeDialog}
      title="Play a drill"
      description="An outage at an invented provider, played through everything that Nightdesk does. The real watch goes on, and nobody is called."
      onSubmit={() => chosen && !busy && void play(chosen.drill)}
      footer={
        <>
          <Button icon={<FolderOpen />} className={css.file} disabled={busy} onClick={() => void play(null)}>
            Open a drill file…
          </Button>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy} disabled={!chosen}>
            {busy ? 'Setting it up…' : 'Play'}
          </Button>
        </>
      }
    >
      {failure && (
        <div className={css.notice}>
          <Notice tone="bad" title="The drill cannot be played.">
            <span className={css.failure}>{failure}</span>
          </Notice>
        </div>
      )}
      {asked.failure && (
        <Notice tone="bad" title="The list of drills could not be read." actions={<Button onClick={asked.again}>Try again</Button>}>
          {asked.failure}
        </Notice>
      )}
      {!all && !asked.failure && <p role="status">Reading the list of drills…</p>}
      {all && all.length === 0 && (
        <p>No drill came with this Nightdesk. Open a file of your own: docs/drill-files.md says how one is written.</p>
      )}
      {all && all.length > 0 && <Drills all={all} chosen={chosen} onChoose={setWanted} />}
      <div className={css.how}>
        <fieldset className={css.choice}>
          <legend>Who acts</legend>
          {actsChoices.map((it) => (
            <label key={it.acts} className={css.act}>
              <input type="radio" name="acts" checked={acts === it.acts} onChange={() => setActs(it.acts)} />
              <span>
                {it.title}
                <span className={css.soft}>{it.text}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <fieldset className={css.choice}>
          <legend>How fast, to begin with</legend>
          <div className={css.speeds}>
            {speeds.map((it) => (
              <label key={it}>
                <input type="radio" name="speed" checked={speed === it} onChange={() => setSpeed(it)} />
                {it === 1 ? '1×, as life' : `${it}×`}
              </label>
            ))}
          </div>
          {chosen && <p className={css.soft}>{lastsWords(chosen.lastsMs, speed)} It can be paused and jumped through.</p>}
        </fieldset>
      </div>
    </Dialog>
  );
}

/** Radio buttons: arrows move between them, as people expect. */
function Drills({ all, chosen, onChoose }: { all: readonly DrillInfo[]; chosen: DrillInfo | undefined; onChoose(drill: string): void }) {
  return (
    <fieldset className={css.drills} aria-label="Drills">
      {all.map((it, index) => (
        <label key={it.drill} className={css.drill} data-chosen={it === chosen ? '' : undefined}>
          <input
            type="radio"
            name="drill"
            checked={it === chosen}
            // biome-ignore lint/a11y/noAutofocus: it stands in a dialog that the person has just opened
            autoFocus={index === 0}
            onChange={() => onChoose(it.drill)}
          />
          <span>
            <span className={css.name}>{it.name}</span>
            <span className={css.size}>{sizeWords(it)}</span>
            <span className={css.soft}>{it.about}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
