import { headline, headlineLine, type Headline as Words } from '../../shared/headline.ts';
import { useNow } from '../state/clock.ts';
import { useStaleness } from '../state/freshness.ts';
import { useLive } from '../state/live.ts';

/** The sentence for now; while the picture is old it says so instead of telling old news as new. */
export function useHeadline(): { words: Words; line: string } {
  const now = useNow('second');
  const tables = useLive((live) => live.tables);
  const connection = useLive((live) => live.connection);
  const engine = useLive((live) => live.engine);
  const old = useStaleness();
  if (connection === 'connecting') {
    const refused = engine.state === 'refused';
    const title = refused
      ? 'Nothing is watched: the watching process cannot start'
      : engine.state === 'stopped'
        ? 'The watching process is not running'
        : 'Connecting to the watching process…';
    return {
      words: {
        standing: refused ? 'unknown' : 'pending',
        title,
        since: null,
        behind: 0,
        works: null,
        takenBy: null,
        more: 0,
        retrying: 0,
        about: 'engine',
      },
      line: '',
    };
  }
  // Judged at the moment the picture is from: what was fresh then must not turn to alarm only because the desk cannot see.
  const words = headline(tables, old ? old.asOf : now);
  if (!old) return { words, line: headlineLine(words, now) };
  const title =
    engine.state === 'stopped' || engine.state === 'refused' || connection === 'lost'
      ? 'The watching process has stopped'
      : 'No news from the watching process';
  return { words: { ...words, standing: 'stale', title, about: 'engine' }, line: `before that: ${words.title}` };
}
