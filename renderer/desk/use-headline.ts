import { bareHeadline, headline, headlineLine, silentAfterMs, type Headline as Words } from '../../shared/headline.ts';
import { useNow } from '../state/clock.ts';
import { useStaleness } from '../state/freshness.ts';
import { useLive } from '../state/live.ts';
import { inDrill } from '../state/role.ts';

/** What there is to say without a picture, or with an old one. */
const without = inDrill
  ? {
      refused: 'This drill cannot be played',
      notRunning: 'The drill is not running',
      connecting: 'The drill is being set up…',
      stopped: 'The drill has stopped',
    }
  : {
      refused: 'Nothing is watched: the watching process cannot start',
      notRunning: 'The watching process is not running',
      connecting: 'Connecting to the watching process…',
      stopped: 'The watching process has stopped',
    };

/** A drill's clock may run ahead of the beat of its engine (its computer sleeps, or it jumps): that is no silence. */
const judgedAt = (now: number, beatAt: number | undefined): number =>
  inDrill && beatAt !== undefined ? Math.min(now, beatAt + silentAfterMs) : now;

/** The sentence for now; while the picture is old it says so instead of telling old news as new. */
export function useHeadline(): { words: Words; line: string } {
  const now = useNow('second');
  const tables = useLive((live) => live.tables);
  const connection = useLive((live) => live.connection);
  const engine = useLive((live) => live.engine);
  const old = useStaleness();
  if (connection === 'connecting') {
    const refused = engine.state === 'refused';
    const title = refused ? without.refused : engine.state === 'stopped' ? without.notRunning : without.connecting;
    return {
      words: { ...bareHeadline, standing: refused ? 'unknown' : 'pending', title, about: 'engine' },
      line: '',
    };
  }
  // Judged at the moment the picture is from: what was fresh then must not turn to alarm only because the desk cannot see.
  const words = headline(tables, old ? old.asOf : judgedAt(now, tables.desk.desk?.beatAt));
  if (!old) return { words, line: headlineLine(words, now) };
  const title =
    engine.state === 'stopped' || engine.state === 'refused' || connection === 'lost'
      ? without.stopped
      : 'No news from the watching process';
  return { words: { ...words, standing: 'stale', title, about: 'engine' }, line: `before that: ${words.title}` };
}
