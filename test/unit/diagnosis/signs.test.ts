import { describe, expect, test } from 'vitest';
import { fineAfterMs, mannerOf, signsOf } from '../../../shared/diagnosis/signs.ts';
import type { Cover } from '../../../shared/health/cover.ts';
import type { CheckState } from '../../../shared/health/step.ts';
import type { PlannedCheck } from '../../../shared/model/plan.ts';
import { MINUTE } from '../../../shared/time.ts';
import { plannedCheck } from '../../support/plans.ts';
import { hard, okState, verdict } from '../../support/story.ts';

const since = 100_000;
const now = 200_000;
const at = 150_000;
const ok: CheckState = { ...okState, at };
const down = (reason: string, more: Partial<CheckState> = {}): CheckState => ({ ...hard(verdict('down', reason), since), at, ...more });
const soft = (attempt: number, reason: string, level: 'down' | 'degraded' | 'unknown' = 'down'): CheckState => ({
  ...ok,
  soft: { level, attempt, firstAt: since },
  verdict: verdict(level, reason),
});
const cover = (kind: Cover['kind']): Cover => ({ kind, by: 'x', name: 'x', always: false });
const remote = { config: { address: '192.0.2.1' } };

const told = (state: CheckState, more: { cover?: Cover | null; cutOff?: boolean; plan?: Partial<PlannedCheck> } = {}): string => {
  const plan = plannedCheck({ ...remote, ...more.plan });
  const sign = signsOf([{ plan, state, cover: more.cover ?? null }], { since, cutOff: more.cutOff ?? false, now }).get(plan.id);
  return sign ? [sign.word, sign.word === 'fails' ? `${sign.symptom} ${mannerOf(sign)}` : ''].join(' ').trim() : 'nothing';
};

describe('what a check says', () => {
  test.each<[what: string, told: string, wanted: string]>([
    ['it passes', told(ok), 'passes'],
    ['it has not looked since', told({ ...ok, at: since - 1 }), 'unknown'],
    ['it looked at the very moment', told({ ...ok, at: since }), 'passes'],
    ['its result is from the future', told({ ...ok, at: now + 1 }), 'unknown'],
    ['it is stale', told({ ...ok, staleSince: since }), 'unknown'],
    ['it failed and is stale', told(down('no-reply', { staleSince: since })), 'unknown'],
    ['nothing is known of it yet', told({ ...ok, hard: 'pending' }), 'unknown'],
    ['it could not look', told({ ...ok, hard: 'unknown', verdict: verdict('unknown', 'tool-missing') }), 'unknown'],
    ['nothing answers', told(down('no-reply')), 'fails gone gone'],
    ['it is taken and nothing is said', told(down('no-greeting')), 'fails gone stalled'],
    ['a mail server that greeted and then is silent', told(down('no-answer'), { plan: { type: 'smtp' } }), 'fails gone stalled'],
    ['a name server that is silent', told(down('no-answer'), { plan: { type: 'dns' } }), 'fails gone gone'],
    ['the port is closed', told(down('refused')), 'fails wrong refused'],
    ['the name is not known', told(down('name-not-found')), 'fails wrong wrong'],
    ['another page', told(down('text-missing')), 'fails wrong wrong'],
    ['packets get lost', told({ ...down('packet-loss'), hard: 'degraded' }), 'fails lossy lossy'],
    ['it is slow', told({ ...down('slow-first-byte'), hard: 'degraded' }), 'fails lossy lossy'],
    ['one silence', told(soft(1, 'no-reply')), 'fails gone gone'],
    ['one odd answer is noise', told(soft(1, 'wrong-status')), 'unknown'],
    ['two in a row are not', told(soft(2, 'wrong-status')), 'fails wrong wrong'],
    ['one slow answer is noise', told(soft(1, 'slow', 'degraded')), 'unknown'],
    ['it cannot look, for the second time', told(soft(2, 'resolver-failed', 'unknown')), 'unknown'],
    ['it comes and goes, and is up', told({ ...ok, flapping: { since, percent: 30 } }), 'fails null unclear'],
    ['it comes and goes, and is down', told(down('no-reply', { flapping: { since, percent: 30 } })), 'fails null unclear'],
    ['planned work', told(down('no-reply'), { cover: cover('maintenance') }), 'unknown'],
    ['planned work, and it passes', told(ok, { cover: cover('maintenance') }), 'unknown'],
    ['a routine', told(down('no-reply'), { cover: cover('routine') }), 'unknown'],
    ['behind something that failed', told(down('no-reply'), { cover: cover('unreachable') }), 'fails gone gone'],
    ['the desk is cut off', told(down('no-reply'), { cutOff: true }), 'unknown'],
    [
      'the desk is cut off, and this is here',
      told(down('refused'), { cutOff: true, plan: { config: { address: '127.0.0.1' } } }),
      'fails wrong refused',
    ],
    [
      'an anchor of a desk that is cut off',
      told(down('no-reply'), { cutOff: true, plan: { subject: { kind: 'desk', id: 'desk' } } }),
      'fails gone gone',
    ],
  ])('%s', (_what, is, wanted) => expect(is).toBe(wanted));
});

describe('what passes and did not a while ago', () => {
  const later = since + fineAfterMs + MINUTE;
  const again: CheckState = { ...ok, at: later, history: 'ooDDo' };
  test.each<[what: string, state: CheckState, badAt: number | undefined, wanted: number | undefined]>([
    ['it never failed', { ...ok, at: later, since, history: 'ooooo' }, undefined, undefined],
    ['it failed long ago', { ...again, since }, since - 1, undefined],
    ['it was hard and has just ended', { ...again, since: later - MINUTE }, undefined, later - MINUTE],
    ['a soft problem, which no history knows', { ...ok, at: later, history: 'ooooo' }, later - MINUTE, later - MINUTE],
    ['a soft problem long ago', { ...ok, at: later, history: 'ooooo' }, since, undefined],
    ['it has just been seen for the first time', { ...ok, at: later, since: later, history: 'o' }, undefined, undefined],
  ])('%s', (_what, state, badAt, wanted) => {
    const plan = plannedCheck(remote);
    const sign = signsOf([{ plan, state, cover: null }], { since, cutOff: false, now: later, badAt: () => badAt }).get(plan.id);
    expect([sign?.word, sign?.badAt]).toEqual(['passes', wanted]);
  });
});
