/** What a probe did, line by line: the newest one, and the newest that was not ok. */
import { Tabs } from '@base-ui/react/tabs';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Transcript } from '../../shared/contract.ts';
import { standingWord } from '../../shared/health/standing.ts';
import { humanDuration, stamp } from '../../shared/time.ts';
import { Button } from '../components/Button.tsx';
import { Time } from '../components/Time.tsx';
import { useZone } from '../state/live.ts';
import { say } from '../state/view.ts';
import { copyText } from './copy-text.ts';
import css from './Detail.module.css';

export function TranscriptView({ newest, lastBad }: { newest: Transcript | null; lastBad: Transcript | null }) {
  const [tab, setTab] = useState<'newest' | 'bad'>('newest');
  if (!newest && !lastBad) return null;
  const two = newest !== null && lastBad !== null && lastBad.at !== newest.at;
  const shown = (tab === 'bad' && two ? lastBad : newest) ?? lastBad;
  if (!shown) return null;
  if (!two) {
    return (
      <div className={css.transcript}>
        <div className={css.transcriptHead}>
          <h3 className={css.small}>{newest ? 'Newest probe' : 'Newest bad probe'}</h3>
          <CopyButton transcript={shown} />
        </div>
        <Lines transcript={shown} />
      </div>
    );
  }
  return (
    <Tabs.Root className={css.transcript} value={tab} onValueChange={(value) => setTab(value === 'bad' ? 'bad' : 'newest')}>
      <div className={css.transcriptHead}>
        <Tabs.List className={css.tabs} aria-label="Transcripts">
          <Tabs.Tab className={css.tab} value="newest">
            Newest probe
          </Tabs.Tab>
          <Tabs.Tab className={css.tab} value="bad">
            Newest bad one
          </Tabs.Tab>
        </Tabs.List>
        <CopyButton transcript={shown} />
      </div>
      <Tabs.Panel value={tab} tabIndex={-1}>
        <Lines transcript={shown} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

function Lines({ transcript }: { transcript: Transcript }) {
  return (
    <>
      <p className={css.soft}>
        <Time at={transcript.at} withZone /> · took {humanDuration(transcript.durationMs)} · {standingWord[transcript.verdict.state]}:{' '}
        {transcript.verdict.text}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section className={css.lines} tabIndex={0} aria-label="Transcript of the probe">
        <pre>{transcript.lines.join('\n') || 'The probe noted nothing.'}</pre>
      </section>
    </>
  );
}

function CopyButton({ transcript }: { transcript: Transcript }) {
  const zone = useZone();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2_000);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    const head = `${transcript.check}, ${stamp(transcript.at, zone)}: ${transcript.verdict.text}`;
    if (await copyText([head, ...transcript.lines].join('\n'))) setDone(true);
    else say('The text could not be copied. Mark it and copy it by hand.', 'bad');
  };
  return (
    <Button variant="quiet" icon={done ? <Check /> : <Copy />} onClick={() => void copy()}>
      {done ? 'Copied' : 'Copy'}
    </Button>
  );
}
