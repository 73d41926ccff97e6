/** What the timeline tells of each alert, in one place: how it was called, what was in it, what was said of it, who had it, when it ended. */
import type { Diagnosis, Explanation } from '../../shared/diagnosis/types.ts';
import type { EventKind, NightEvent } from '../../shared/model/event.ts';

export interface Sentence {
  at: number;
  explanation: Explanation;
  confidence: Diagnosis['confidence'];
}

export interface AlertStory {
  id: string;
  /** How it stood from each of these on, epoch ms, in their order. `joined`: what was new in it. */
  stands: { at: number; title: string; checks: ReadonlySet<string>; joined: readonly string[] }[];
  /** Null while it is open; of one that went on in another, that one's end. */
  endedAt: number | null;
  sentences: Sentence[];
  /** `to` null: still. */
  taken: { by: string; from: number; to: number | null }[];
}

export const alertKinds = [
  'alert-raised',
  'alert-updated',
  'alert-merged',
  'alert-recovered',
  'alert-closed',
  'diagnosed',
  'acknowledged',
  'released',
  'acknowledgement-cleared',
] as const satisfies EventKind[];

/** @param events in the order in which they happened; kinds that tell nothing of alerts are passed over */
export function alertStories(events: readonly NightEvent[]): AlertStory[] {
  const stories = new Map<string, AlertStory>();
  const wentOn = new Map<string, string>();
  const of = (id: string): AlertStory => {
    const story = stories.get(id) ?? { id, stands: [], endedAt: null, sentences: [], taken: [] };
    stories.set(id, story);
    return story;
  };
  const giveUp = (story: AlertStory, at: number): void => {
    const last = story.taken.at(-1);
    if (last?.to === null) last.to = at;
  };
  for (const event of events) {
    const { at } = event;
    switch (event.kind) {
      case 'alert-raised': {
        const { alert, title, checks } = event.payload;
        of(alert).stands.push({ at, title, checks: new Set(checks), joined: checks });
        break;
      }
      case 'alert-updated': {
        const { alert, title, joined, left } = event.payload;
        const story = of(alert);
        const before = story.stands.at(-1)?.checks ?? [];
        story.stands.push({ at, title, checks: new Set([...before, ...joined].filter((id) => !left.includes(id))), joined });
        break;
      }
      case 'alert-merged':
        of(event.payload.alert).endedAt = at;
        wentOn.set(event.payload.alert, event.payload.into);
        break;
      case 'alert-recovered':
      case 'alert-closed':
        of(event.payload.alert).endedAt = at;
        break;
      case 'diagnosed': {
        const { alert, explanation, confidence } = event.payload;
        of(alert).sentences.push({ at, explanation, confidence });
        break;
      }
      case 'acknowledged': {
        const story = of(event.payload.alert);
        giveUp(story, at);
        story.taken.push({ by: event.actor, from: at, to: null });
        break;
      }
      case 'released':
      case 'acknowledgement-cleared':
        giveUp(of(event.payload.alert), at);
        break;
      default:
    }
  }
  // The newest first: what an alert went on in may have gone on in another.
  for (const [id, into] of [...wentOn].reverse())
    of(id).endedAt = stories.get(into)?.endedAt ?? (stories.has(into) ? null : of(id).endedAt);
  return [...stories.values()];
}
