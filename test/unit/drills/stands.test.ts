/** The words of the scorer: what counts as stated. */
import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../shared/incident/draft.ts';
import { linesOf, scoreOf } from '../../../shared/scenario/score.ts';
import { stands } from '../../../shared/scenario/stands.ts';

describe('whether words stand in a text', () => {
  it.each<[string, string, boolean]>([
    ['web sites', 'Web Sites could not be used.', true],
    ['web sites … 02:47', 'Web sites could not be used from 02:47 to 06:44 EDT.', true],
    ['02:47 … web sites', 'Web sites could not be used from 02:47 to 06:44 EDT.', false],
    ['4 behind', 'is 14 behind', false],
    ['4 behind', 'is 4 behind.', true],
    ['40 min', '140 min', false],
    ['customer', 'customers', false],
    ["Bluefin's network", 'in Bluefin’s network', true],
    ['"complete"', 'they said “complete”', true],
    ['22:00-23:00', '22:00–23:00', true],
    ['20 %', '20 %', true],
    ['a … b', `a ${'x '.repeat(120)}b`, false],
    // The first "mail" is too far away; the second is not.
    ['mail … held', `mail ${'x '.repeat(120)} mail was held`, true],
    ['…', 'anything', false],
  ])('%j in %j: %s', (pattern, text, expected) => {
    expect(stands(pattern, text)).toBe(expected);
  });
});

const draft = (...blocks: Draft['sections'][number]['blocks']): Draft => ({
  title: 'Report',
  subtitle: 'Somewhere',
  zone: 'UTC',
  from: 0,
  to: 1,
  sections: [{ key: 'one', title: 'One', blocks }],
  evidence: [],
});
const say = (text: string) => ({ text, evidence: ['e'] });

describe('scores', () => {
  const facts = {
    expected: [
      { fact: 'mail failed', any: ['mail could not'] },
      { fact: 'the cause', any: ['the disk broke'], in: ['post-mortem'] },
    ],
    forbidden: [{ fact: 'web failed', any: ['web could not'] }],
  };

  it('counts by kind, and says where', () => {
    const post = draft(
      { kind: 'text', statements: [say('Mail could not be read.'), say('The web could not be seen.')] },
      { kind: 'gap', text: 'Was it that the disk broke?' },
    );
    expect(scoreOf(facts, [{ kind: 'post-mortem', lines: linesOf(post) }])).toEqual([
      {
        kind: 'post-mortem',
        stated: [{ fact: 'mail failed', section: 'One', text: 'Mail could not be read.' }],
        missing: [facts.expected[1]],
        wrong: [{ fact: 'web failed', section: 'One', text: 'The web could not be seen.' }],
      },
    ]);
  });

  it('misses what a kind was to state of which there is no draft', () => {
    const [score] = scoreOf({ expected: facts.expected.slice(1), forbidden: [] }, []);
    expect(score).toMatchObject({ kind: 'post-mortem', stated: [], missing: [facts.expected[1]] });
  });

  it('takes one document of a kind for all of them', () => {
    const one = draft({ kind: 'list', statements: [say('Mail could not be sent.')] });
    const scores = scoreOf({ expected: facts.expected.slice(0, 1), forbidden: [] }, [
      { kind: 'provider-ticket', lines: linesOf(draft()) },
      { kind: 'provider-ticket', lines: linesOf(one) },
    ]);
    expect(scores).toMatchObject([{ missing: [], stated: [{ fact: 'mail failed' }] }]);
  });

  it('reads a row of a table as one line', () => {
    const table = draft({ kind: 'table', columns: ['Work', 'Overrun'], rows: [{ cells: ['Upgrade', '41 min'], evidence: ['e'] }] });
    expect(linesOf(table).map((it) => it.text)).toEqual(['Report · Somewhere', 'Work | Overrun', 'Upgrade | 41 min']);
  });
});
