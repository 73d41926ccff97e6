import { describe, expect, it } from 'vitest';
import { causeOf } from '../../../renderer/desk/alert-words.ts';
import { diagnosedAlertOf, diagnosisView } from '../../../renderer/detail/diagnosis-view.ts';
import type { Diagnosis, Explanation } from '../../../shared/diagnosis/types.ts';
import { alertOf, check, thing } from '../../support/story.ts';

const norfolk = thing('site', 'nor', { name: 'Norfolk' });
const bluefin = thing('link', 'bluefin', { name: 'Bluefin Carrier' });
const web1 = thing('host', 'web1');
const web2 = thing('host', 'web2');
const subjects = { nor: norfolk, bluefin, web1, web2 };
const plans = Object.fromEntries([check(web1, 'icmp'), check(web1, 'http'), check(web2, 'http')].map((it) => [it.id, it]));

const explanation = (more: Partial<Explanation> = {}): Explanation => ({
  kind: 'link',
  culprits: ['bluefin'],
  prefixes: [],
  sentence: 'Bluefin Carrier at Norfolk is down',
  share: 0.912,
  explains: ['ra/icmp', 'rb/icmp', 'rb/http'],
  contradicts: [],
  ...more,
});
const diagnosis = (more: Partial<Diagnosis> = {}): Diagnosis => ({
  best: explanation(),
  runnerUp: null,
  confidence: 'sure',
  doubt: null,
  works: 'Meridian Transit is fine',
  unexplained: [],
  since: 5,
  ...more,
});

describe('what the detail says is behind an alert', () => {
  it('says how sure it is and what it explains', () => {
    expect(diagnosisView(diagnosis(), { plans, subjects })).toEqual({
      best: { percent: 91, sentence: 'Bluefin Carrier at Norfolk is down' },
      confidence: 'sure',
      word: 'Sure',
      works: 'Meridian Transit is fine',
      since: 5,
      explains: '3 failing checks of 2 things',
      contradicts: { shown: [], more: 0 },
      unexplained: { shown: [], more: 0 },
      runnerUp: null,
      doubt: null,
    });
  });

  it('names what speaks against it, what it leaves open, and what it may be instead', () => {
    const contradicts = ['web2/http', 'gone/http', ...Array.from({ length: 20 }, (_, index) => `x${index}/icmp`)];
    const view = diagnosisView(
      diagnosis({
        best: explanation({ contradicts, explains: ['web1/icmp'] }),
        runnerUp: explanation({ sentence: 'web1 is down', share: 0.002 }),
        confidence: 'unsure',
        doubt: 'web2, which goes the same way, still works',
        unexplained: ['web1/http'],
      }),
      { plans, subjects },
    );
    expect(view).toMatchObject({
      word: 'Not sure',
      explains: '1 failing check',
      unexplained: { shown: [{ check: 'web1/http', subject: 'web1', name: 'HTTP on web1' }], more: 0 },
      best: { percent: null },
      runnerUp: { percent: null, sentence: 'web1 is down' },
      doubt: 'web2, which goes the same way, still works',
    });
    expect(view.contradicts.shown.slice(0, 2)).toEqual([
      { check: 'web2/http', subject: 'web2', name: 'HTTP on web2' },
      { check: 'gone/http', subject: 'gone', name: 'gone/http' },
    ]);
    expect(view.contradicts.shown).toHaveLength(8);
    expect(view.contradicts.more).toBe(14);
  });

  it.each<[what: string, confidence: Diagnosis['confidence'], other: number | null, percents: (number | null)[]]>([
    ['sure', 'sure', null, [91]],
    ['likely, beside something else', 'likely', 0.08, [91, 8]],
    ['unsure, as something else is as likely', 'unsure', 0.5, [91, 50]],
    ['unsure, as too little was seen', 'unsure', null, [null]],
    ['unsure, as too little was seen, beside something else', 'unsure', 0.02, [null, null]],
  ])('gives shares only where they say how sure it is: %s', (_, confidence, other, percents) => {
    const runnerUp = other === null ? null : explanation({ share: other });
    const view = diagnosisView(diagnosis({ confidence, runnerUp }), { plans, subjects });
    expect([view.best.percent, ...(view.runnerUp ? [view.runnerUp.percent] : [])]).toEqual(percents);
  });

  it('says once what else it may be', () => {
    const runnerUp = explanation({ sentence: 'web1 is down' });
    const view = diagnosisView(diagnosis({ confidence: 'unsure', runnerUp, doubt: 'Not ruled out: web1 is down' }), { plans, subjects });
    expect(view.doubt).toBe(null);
    expect(view.runnerUp?.sentence).toBe('web1 is down');
  });

  it('never calls anything certain, and shows no control characters', () => {
    const view = diagnosisView(diagnosis({ best: explanation({ share: 1, sentence: 'a\u0000b\u202ec' }) }), { plans, subjects });
    expect(view.best).toEqual({ percent: 99, sentence: 'a b c' });
  });
});

describe('the alert that a subject is told by', () => {
  const own = alertOf(web1, { id: 'own', diagnosis: diagnosis(), firstAt: 9 });
  const wide = alertOf(norfolk, {
    id: 'wide',
    diagnosis: diagnosis(),
    firstAt: 1,
    checks: ['web1/icmp', 'ra/icmp'],
    consequences: ['web2/http'],
  });
  const alerts = { own, wide };
  it.each([
    ['its own comes first, though another is older', 'web1', 'own'],
    ['its checks are in it', 'ra', 'wide'],
    ['it is the cause', 'bluefin', 'wide'],
    ['it was taken along', 'web2', 'wide'],
    ['it has nothing to do with any', 'far1', undefined],
  ])('%s', (_, subject, expected) => {
    expect(diagnosedAlertOf({ alerts }, subject)?.id).toBe(expected);
  });
  it('is open, and was looked into', () => {
    const { diagnosis: _, ...unknown } = own;
    expect(diagnosedAlertOf({ alerts: { own: { ...own, endedAt: 10 } } }, 'web1')).toBe(undefined);
    expect(diagnosedAlertOf({ alerts: { own: unknown } }, 'web1')).toBe(undefined);
  });
});

describe('the line of a card', () => {
  it.each<[string, Diagnosis | undefined, ReturnType<typeof causeOf>]>([
    ['nothing was looked into', undefined, null],
    ['sure', diagnosis(), { word: 'Behind it', sentence: 'Bluefin Carrier at Norfolk is down', works: 'Meridian Transit is fine' }],
    [
      'likely, nothing known to work',
      diagnosis({ confidence: 'likely', works: null }),
      { word: 'Behind it', sentence: 'Bluefin Carrier at Norfolk is down', works: null },
    ],
    [
      'a guess, of which what works is one as well',
      diagnosis({ confidence: 'unsure' }),
      { word: 'Perhaps', sentence: 'Bluefin Carrier at Norfolk is down', works: null },
    ],
    ['it says what the title says', diagnosis({ best: explanation({ sentence: 'web1 is down' }) }), null],
  ])('%s', (_, it, expected) => expect(causeOf(alertOf(web1, it && { diagnosis: it }))).toEqual(expected));
});
