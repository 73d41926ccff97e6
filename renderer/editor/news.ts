/** Which sections would read differently by what is known now, measured against the text in this window. Pure. */
import { withoutTicks } from '../../shared/documents/ticks.ts';
import type { DocumentSection, SectionNews } from '../../shared/model/document.ts';
import { count } from '../../shared/text.ts';

export interface Fresh {
  key: string;
  title: string;
  state: 'newer' | 'conflict' | 'gone' | 'added';
  /** As it stands; null where added. */
  mine: string | null;
  /** As it would be; null where gone. */
  fresh: string | null;
}

/**
 * @param passed what a person has seen and did not want: key and draft, see passKey
 */
export function freshOf(news: readonly SectionNews[], sections: readonly DocumentSection[], passed: ReadonlySet<string>): Fresh[] {
  const have = new Map(sections.map((it) => [it.key, it]));
  return news.flatMap((it): Fresh[] => {
    const section = have.get(it.key);
    const fresh = it.drafted;
    if (passed.has(passKey(it.key, fresh))) return [];
    if (!section) return fresh === null ? [] : [{ key: it.key, title: it.title, state: 'added', mine: null, fresh }];
    if (fresh !== null && [section.drafted, section.text].some((it) => withoutTicks(it) === withoutTicks(fresh))) return [];
    const state = fresh === null ? 'gone' : section.text === section.drafted ? 'newer' : 'conflict';
    return [{ key: it.key, title: section.title || it.title, state, mine: section.text, fresh }];
  });
}

export const passKey = (key: string, fresh: string | null): string => `${key}\0${withoutTicks(fresh ?? '')}`;

/** "3 sections have newer facts, 1 of them you edited". */
export function freshWords(all: readonly Fresh[]): string {
  const edited = all.filter((it) => it.state === 'conflict').length;
  const head = count(all.length, 'section has newer facts', 'sections have newer facts');
  if (edited === 0) return head;
  return edited === all.length
    ? `${head}; ${edited === 1 ? 'it was' : 'they were'} edited by hand`
    : `${head}; ${edited} of them edited by hand`;
}

/** What is chosen before anybody chooses: new facts go where nobody wrote; what a person wrote, and what would go away, stays. */
export const takenAtFirst = (all: readonly Fresh[]): string[] =>
  all.filter((it) => it.state === 'newer' || it.state === 'added').map((it) => it.key);
