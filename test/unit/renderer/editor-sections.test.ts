import { describe, expect, it } from 'vitest';
import type { Choice } from '../../../renderer/editor/ChooseSections.tsx';
import { bothOf, choose } from '../../../renderer/editor/conflict.ts';
import { differences, type Piece, readable, shorten } from '../../../renderer/editor/differences.ts';
import { checksBehind, evidenceFor } from '../../../renderer/editor/evidence-view.ts';
import { freshOf, freshWords, passKey, takenAtFirst } from '../../../renderer/editor/news.ts';
import { type Caret, createFactsKeeper, gapsOf, markedAt, nextGap } from '../../../renderer/editor/section-facts.ts';
import { mostSections, type Step, stepWords, takeStep } from '../../../renderer/editor/section-steps.ts';
import { lengthOfUpdate, shortOf } from '../../../renderer/editor/short-form.ts';
import type { Evidence } from '../../../shared/incident/draft.ts';
import type { DocumentSection, SectionNews } from '../../../shared/model/document.ts';

const section = (key: string, text = key, drafted = text): DocumentSection => ({ key, title: key.toUpperCase(), drafted, text });
const keys = (all: readonly { key: string }[]): string => all.map((it) => it.key).join('');
const abc = ['a', 'b', 'c'].map((key) => section(key));

describe('steps', () => {
  it.each<[string, Step, string | null]>([
    ['moves down', { kind: 'move', key: 'a', to: 1 }, 'bac'],
    ['moves to the end', { kind: 'move', key: 'a', to: 99 }, 'bca'],
    ['moves up', { kind: 'move', key: 'c', to: 0 }, 'cab'],
    ['does not move where it is', { kind: 'move', key: 'a', to: -1 }, null],
    ['takes out', { kind: 'remove', key: 'b' }, 'ac'],
    ['takes out nothing', { kind: 'remove', key: 'x' }, null],
    ['adds', { kind: 'insert', at: 1, section: section('n') }, 'anbc'],
    ['adds none that is there', { kind: 'insert', at: 1, section: section('b') }, null],
  ])('%s, and back', (_name, step, after) => {
    const taken = takeStep(abc, step);
    expect(taken && keys(taken.sections)).toBe(after);
    if (taken) expect(takeStep(taken.sections, taken.back)?.sections).toEqual(abc);
  });

  it('what was typed meanwhile stays when a step is taken back', () => {
    const taken = takeStep(abc, { kind: 'remove', key: 'b' });
    const typed = taken?.sections.map((it) => (it.key === 'a' ? { ...it, text: 'typed' } : it)) ?? [];
    const back = taken && takeStep(typed, taken.back);
    expect(back && keys(back.sections)).toBe('abc');
    expect(back?.sections[0]?.text).toBe('typed');
  });

  it('there are never more sections than can be saved', () => {
    const full = Array.from({ length: mostSections }, (_, index) => section(`s${index}`));
    expect(takeStep(full, { kind: 'insert', at: 0, section: section('n') })).toBeNull();
  });

  it('says what taking back does', () => {
    const titleOf = () => 'Impact';
    expect(stepWords({ kind: 'insert', at: 0, section: section('a') }, titleOf)).toBe('Bring back “A”');
    expect(stepWords({ kind: 'move', key: 'a', to: 0 }, titleOf)).toBe('Move “Impact” back');
    expect(stepWords({ kind: 'remove', key: 'a' }, () => ' ')).toBe('Take out a section');
  });
});

describe('new facts', () => {
  const news = (key: string, drafted: string | null, text: string | null = null): SectionNews => ({
    key,
    title: key,
    state: 'newer',
    drafted,
    text,
  });
  const sections = [
    section('same'),
    section('newer'),
    section('edited', 'my words', 'edited'),
    section('gone'),
    section('took-it', 'new', 'old'),
  ];
  const all = freshOf(
    [news('same', 'same'), news('newer', 'now'), news('edited', 'now'), news('gone', null), news('took-it', 'new'), news('added', 'more')],
    sections,
    new Set(),
  );

  it('are told by the text in this window, not by what was saved', () => {
    expect(all.map((it) => [it.key, it.state])).toEqual([
      ['newer', 'newer'],
      ['edited', 'conflict'],
      ['gone', 'gone'],
      ['added', 'added'],
    ]);
  });
  it('what a person wrote, and what would go, is never chosen beforehand', () => expect(takenAtFirst(all)).toEqual(['newer', 'added']));
  it('what was seen and not wanted is not told again until it changes', () => {
    const passed = new Set([passKey('added', 'more'), passKey('edited', 'now')]);
    expect(keys(freshOf([news('added', 'more'), news('edited', 'now')], sections, passed))).toBe('');
    expect(keys(freshOf([news('added', 'even more')], sections, passed))).toBe('added');
  });
  it.each<[string, string[], string]>([
    ['one', ['newer'], '1 section has newer facts'],
    ['one that was edited', ['conflict'], '1 section has newer facts; it was edited by hand'],
    ['some', ['newer', 'conflict', 'added'], '3 sections have newer facts; 1 of them edited by hand'],
  ])('words of %s', (_name, states, words) =>
    expect(freshWords(states.map((state) => ({ key: 'k', title: 't', state: state as 'newer', mine: '', fresh: '' })))).toBe(words),
  );
});

describe('two texts of one document', () => {
  const theirs = [section('a'), { ...section('b', 'theirs'), drafted: 'new draft' }, section('d')];
  const mine = [section('a'), section('b', 'mine', 'b'), section('c')];
  it('shows where they differ', () => {
    expect(bothOf(mine, theirs).map((it: Choice) => [it.key, it.mine, it.theirs])).toEqual([
      ['b', 'mine', 'theirs'],
      ['c', 'c', null],
      ['d', null, 'd'],
    ]);
  });
  it('nothing is taken unasked; what was drafted is as the others have it', () => {
    expect(choose(mine, theirs, new Set())).toEqual([section('a'), { ...section('b', 'mine'), drafted: 'new draft' }, section('c')]);
  });
  it('takes what is chosen: a text, a section that only they have, and that one is gone', () => {
    const chosen = choose(mine, theirs, new Set(['b', 'c', 'd']));
    expect(chosen.map((it) => [it.key, it.text])).toEqual([
      ['a', 'a'],
      ['b', 'theirs'],
      ['d', 'd'],
    ]);
  });
  it('another title alone is a difference too', () => {
    expect(bothOf([section('a')], [{ ...section('a'), title: 'Other' }])).toHaveLength(1);
  });
});

describe('the difference of two texts', () => {
  const told = (pieces: readonly Piece[]) => pieces.map((it) => `${{ same: '=', gone: '-', new: '+' }[it.kind]}${it.text}`);
  it.each<[string, string, string, string[]]>([
    ['none', 'a b', 'a b', ['=a b']],
    ['a word', 'It broke at 05:39 PST.', 'It broke at 05:41 PST.', ['=It broke at ', '-05:39', '+05:41', '= PST.']],
    ['a mark', 'It broke.[^1]', 'It broke.[^12]', ['=It broke.', '-[^1]', '+[^12]']],
    ['a few words become one change', 'one two, three four', 'one five, six four', ['=one ', '-two, three', '+five, six', '= four']],
    ['lines stay apart', 'one\ntwo', 'five\nsix', ['-one', '+five', '=\n', '-two', '+six']],
    ['all', '', 'new', ['+new']],
    ['nothing at all', '', '', []],
  ])('%s', (_name, before, after, pieces) => expect(told(differences(before, after))).toEqual(pieces));

  it('of two long texts that share nothing is found in time', () => {
    const long = (seed: number) => Array.from({ length: 40_000 }, (_, index) => `w${(index * 7919 + seed * 104_729) % 99_991}`).join(' ');
    const [a, b] = [long(1), long(2)];
    const start = performance.now();
    const pieces = differences(a, b);
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(
      pieces
        .filter((it) => it.kind !== 'new')
        .map((it) => it.text)
        .join(''),
    ).toBe(a);
    expect(
      pieces
        .filter((it) => it.kind !== 'gone')
        .map((it) => it.text)
        .join(''),
    ).toBe(b);
  });

  it('leaves out the middle of what is the same', () => {
    const same = Array.from({ length: 200 }, (_, index) => `word${index}`).join(' ');
    const [head, , tail] = shorten(differences(`${same} old ${same}`, `${same} new ${same}`));
    expect(head?.text.length).toBeLessThan(200);
    expect(head?.text).toMatch(/^….*word199 $/);
    expect(tail?.text.length).toBeLessThan(200);
  });

  it('shows escaped words as they read', () =>
    expect(readable('web\\_1 &lt;b&gt; https&#58;//x \\[^1\\]')).toBe('web_1 <b> https://x [^1]'));
});

describe('where the cursor is', () => {
  const sections = [section('a', 'One.[^1] Two.[^2][^3]\n\n[TO FILL: What?]'), section('b', 'Three.\n\n[TO FILL: Who?] [TO FILL: When?]')];
  const facts = createFactsKeeper()(sections);
  const at = (key: string, position: number, mark?: number) => markedAt(facts, { key, at: position, mark });
  it('finds the sentence and its marks', () => {
    expect(at('a', 12)).toMatchObject({ text: 'Two.[^2][^3]', marks: [2, 3] });
    expect(at('a', 12, 3)).toMatchObject({ text: 'Two.[^2][^3]', marks: [3] });
    expect(at('b', 0)).toMatchObject({ text: 'Three.', marks: [] });
    expect(at('x', 0)).toBeNull();
    expect(markedAt(facts, null)).toBeNull();
  });
  it('works out anew only what changed', () => {
    const keeper = createFactsKeeper();
    const first = keeper(sections);
    expect(keeper([...sections])).toBe(first);
    const next = keeper([sections[0] as DocumentSection, section('b', 'Other.')]);
    expect(next.get('a')).toBe(first.get('a'));
    expect(next.get('b')?.statements).toBe(1);
  });
  it.each<[string, Caret | null, number]>([
    ['no cursor yet', null, 0],
    ['before the first', { key: 'a', at: 0 }, 0],
    ['on the first', { key: 'a', at: 23 }, 1],
    ['on the second', { key: 'b', at: 8 }, 2],
    ['on the last: round again', { key: 'b', at: 24 }, 0],
  ])('next gap, %s', (_name, caret, next) => {
    const gaps = gapsOf(sections);
    expect(gaps.map((gap) => gap.question)).toEqual(['What?', 'Who?', 'When?']);
    expect(nextGap(gaps, ['a', 'b'], caret)).toBe(next);
  });
  it('no gaps, no next one', () => expect(nextGap([], ['a'], null)).toBe(-1));
});

describe('evidence', () => {
  const evidence = (number: number, source: Evidence['source']): Evidence => ({
    number,
    key: `k${number}`,
    source,
    text: `text ${number}`,
  });
  const all = [evidence(1, { kind: 'event', event: 'e1', at: 5 }), evidence(2, { kind: 'alert', alert: 'a1', at: 6 })];
  it('in the order of the numbers; those that lead nowhere are named', () => {
    const { found, lost } = evidenceFor(all, [2, 9, 1]);
    expect(found.map((it) => it.number)).toEqual([1, 2]);
    expect(lost).toEqual([9]);
  });
  it('leads to the checks that are still watched, each once', () => {
    const events = new Map([['e1', { kind: 'hard', payload: { check: 'web1/http' } } as never]]);
    const tables = { alerts: { a1: { checks: ['web1/http'] } }, plans: { 'web1/http': {} } } as never;
    expect(checksBehind(all, events, tables)).toEqual(['web1/http']);
    expect(checksBehind(all, events, { alerts: {}, plans: {} })).toEqual([]);
  });
});

describe('the short form', () => {
  it('is counted as it is sent', () => {
    expect(shortOf([section('short-form', 'We know\\. Next at 05:39.[^1]\n')])).toBe('We know. Next at 05:39.');
    expect(lengthOfUpdate('a\\_b 😀[^12]')).toBe(5);
    expect(shortOf([section('update')])).toBeNull();
  });
});
