import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../shared/diagnosis/types.ts';
import type { Draft } from '../../shared/incident/draft.ts';
import { drafts } from '../../shared/incident/drafts/index.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import { reportFacts, reportFactsSchema } from '../../shared/incident/report-facts.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { SECOND } from '../../shared/time.ts';
import { asked } from '../support/document-cases.ts';
import { textsOf } from '../support/document-reading.ts';
import { expectSound, lines } from '../support/draft-reading.ts';
import { upstreamStory } from '../support/report-cases.ts';

const two = 'Eastern at San Diego carries nothing for 2 of 5 prefixes';
const three = 'Eastern at San Diego carries nothing for 3 of 5 prefixes';
const begin = upstreamStory().from;

const allOf = (draft: Draft): string =>
  textsOf(draft)
    .map(({ text }) => text)
    .join('\n');

interface Said {
  s: number;
  sentence: string;
  confidence?: Diagnosis['confidence'];
  culprits?: string[];
  works?: string | null;
  alert?: string;
}
let made = 0;
const said = ({ s, sentence, confidence = 'likely', culprits = ['east'], works = null, alert = 'A-p1' }: Said): NightEvent => ({
  id: `D${String(++made).padStart(5, '0')}`,
  at: begin + s * SECOND,
  kind: 'diagnosed',
  subject: { kind: 'prefix', id: 'p1' },
  actor: 'engine',
  payload: {
    alert,
    explanation: { kind: 'link-prefixes', culprits, prefixes: ['p1'], sentence, share: 0.9, explains: [], contradicts: [] },
    confidence,
    works,
    since: begin,
  },
});

/** The night of the upstream, with what the desk named. @param kept the sentence that its first alert was kept with */
function night(all: Said[], more: { kept?: string; merge?: boolean; to?: number; title?: string } = {}): DraftInput {
  const input = upstreamStory();
  const events = [...input.events, ...all.map(said)].sort((a, b) => a.at - b.at);
  const [first, ...rest] = input.alerts;
  if (!first) throw new Error('this night has alerts');
  const diagnosis = more.kept && {
    diagnosis: {
      best: {
        kind: 'link-prefixes' as const,
        culprits: ['east'],
        prefixes: [],
        share: 1,
        explains: [],
        contradicts: [],
        sentence: more.kept,
      },
      runnerUp: null,
      confidence: 'sure' as const,
      doubt: null,
      works: null,
      unexplained: [],
      since: begin,
    },
  };
  const merged: NightEvent = {
    id: 'M1',
    at: begin + 90 * SECOND,
    kind: 'alert-merged',
    subject: first.subject,
    actor: 'engine',
    payload: { alert: first.id, title: first.title, into: 'A-p2', intoTitle: 'x' },
  };
  return {
    ...input,
    ...(more.to !== undefined && { to: more.to }),
    alerts: [{ ...first, ...(more.title && { title: more.title }), ...diagnosis }, ...rest],
    events: more.merge ? [...events, merged].sort((a, b) => a.at - b.at) : events,
  };
}

const factsOf = (input: DraftInput): string[] => {
  const facts = reportFacts(input);
  expect(reportFactsSchema.safeParse(facts).error?.issues ?? []).toEqual([]);
  return facts.diagnosis.map(
    (it) =>
      `${(it.at - begin) / SECOND} ${it.role} ${it.confidence} ${it.sentence}${it.works === null ? '' : `; ${it.works}`} (${it.evidence.length})`,
  );
};

describe('the facts of what the desk named', () => {
  it.each<[string, DraftInput, string[]]>([
    ['nothing where it named nothing', night([]), []],
    ['no guess', night([{ s: 80, sentence: three, confidence: 'unsure' }]), []],
    ['nothing that no line told, though the alert was kept with it', night([], { kept: three }), []],
    [
      'what it said once',
      night([{ s: 80, sentence: three, works: 'its circuit is up' }]),
      [`80 main likely ${three}; its circuit is up (1)`],
    ],
    [
      'the first time that it said the same, and when it was sure of it',
      night([
        { s: 80, sentence: three },
        { s: 95, sentence: three, confidence: 'sure', works: 'its circuit is up' },
        { s: 300, sentence: three, confidence: 'sure' },
      ]),
      [`80 main sure ${three}; its circuit is up (2)`],
    ],
    [
      'the first that named the same thing, and what stood longest',
      night([
        { s: 60, sentence: 'range 1 fails', culprits: ['p1'] },
        { s: 70, sentence: two },
        { s: 80, sentence: three },
      ]),
      [`70 first likely ${two} (1)`, `80 main likely ${three} (1)`],
    ],
    [
      'not what was left in the last minutes',
      night([
        { s: 80, sentence: three },
        { s: 9_000, sentence: two },
      ]),
      [`80 main likely ${three} (1)`],
    ],
    [
      'not what came and went, nor what was guessed meanwhile',
      night([
        { s: 80, sentence: 'range 1 fails', culprits: ['p1'] },
        { s: 100, sentence: three },
        { s: 200, sentence: 'something else', confidence: 'unsure' },
        { s: 3_000, sentence: three },
      ]),
      [`100 main likely ${three} (1)`],
    ],
    [
      'nothing of what came later',
      night(
        [
          { s: 80, sentence: two },
          { s: 200, sentence: three },
        ],
        { to: begin + 150 * SECOND },
      ),
      [`80 main likely ${two} (1)`],
    ],
    [
      'of one that lasts what stood longest so far',
      night(
        [
          { s: 80, sentence: three },
          { s: 100, sentence: two },
        ],
        { to: begin + 300 * SECOND },
      ),
      [`80 first likely ${three} (1)`, `100 main likely ${two} (1)`],
    ],
    ['nothing of an alert that went on in another', night([{ s: 80, sentence: three }], { merge: true }), []],
    ['nothing of the alerts of others', night([{ s: 80, sentence: three, alert: 'A-other' }]), []],
    ['clean words', night([{ s: 80, sentence: 'Ea\u202estern\u0007 is down' }]), ['80 main likely Ea stern is down (1)']],
  ])('%s', (_, input, expected) => {
    expect(factsOf(input)).toEqual(expected);
  });
});

describe('what drafts say of it', () => {
  const input = night([
    { s: 70, sentence: two },
    { s: 80, sentence: three, confidence: 'sure', works: 'its circuit is up' },
  ]);
  it('the post-mortem names it in its summary, says when it was named, and has the turns in its timeline', () => {
    const draft = drafts['post-mortem'](asked(input));
    expectSound(draft);
    expect(lines(draft, 'summary').filter((it) => /named/.test(it))).toEqual([
      `What the desk named as broken: “${three}” (what still worked: its circuit is up).`,
    ]);
    expect(lines(draft, 'detection').filter((it) => /named/.test(it))).toEqual([
      `The desk named this as most likely broken at 03:19:50 EDT, 1 min 10 s after the first symptom: “${two}”.`,
      `The desk named this as broken at 03:20:00 EDT: “${three}”.`,
    ]);
    expect(lines(draft, 'timeline').filter((it) => /Diagnosis/.test(it))).toHaveLength(2);
  });
  it('a timeline does not fill with it', () => {
    const many = Array.from(
      { length: 60 },
      (_, n): Said => ({ s: 100 + 20 * n, sentence: n % 2 === 0 ? 'range 2 fails' : 'range 1 fails', culprits: ['p1'] }),
    );
    const draft = drafts['post-mortem'](asked(night([{ s: 80, sentence: three }, ...many])));
    expect(lines(draft, 'timeline').filter((it) => /Diagnosis/.test(it)).length).toBeLessThanOrEqual(2);
    expectSound(draft);
  });
  it.each<[string, DraftInput, string, boolean]>([
    ['the provider of the link that it names', input, 'east', true],
    ['not another one', input, 'west', false],
    ['nobody, where it may be either', night([{ s: 80, sentence: three, culprits: ['east', 'west'] }]), 'east', false],
    ['nobody, where it was a guess', night([{ s: 80, sentence: three, confidence: 'unsure' }]), 'east', false],
  ])('a ticket quotes it to %s', (_, from, provider, isQuoted) => {
    const draft = drafts['provider-ticket']({ ...asked(from), options: { ...asked(from).options, provider } });
    expectSound(draft);
    expect(lines(draft, 'what-we-see').some((it) => it.includes(`“${three}”`))).toBe(isQuoted);
    // Who else carries us is nobody's business.
    expect(allOf(draft)).not.toContain('what still worked');
  });
  it.each(['status-update', 'customer-report'] as const)('customers do not read it in a %s', (kind) => {
    expect(allOf(drafts[kind](asked(input)))).not.toMatch(/carries nothing|its circuit|named|broken/);
  });
  it('says nothing where it only says the name of the alert again', () => {
    const it = night([{ s: 80, sentence: 'range 1 is down' }], { title: 'range 1 is down' });
    expect(allOf(drafts['post-mortem'](asked(it)))).not.toMatch(/named (this )?as (most likely )?broken/);
  });
  it('says that it is most likely where it was not sure', () => {
    const it = night([{ s: 80, sentence: three }]);
    expect(lines(drafts['post-mortem'](asked(it)), 'summary').join('\n')).toContain('What the desk named as most likely broken: “');
  });
});
