import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cause } from '../../../shared/diagnosis/cause.ts';
import { diagnose } from '../../../shared/diagnosis/diagnose.ts';
import { weigh } from '../../../shared/diagnosis/weigh.ts';
import {
  type Fault,
  firstAt,
  gone,
  inputOf,
  lossy,
  type Outcome,
  outcomesOf,
  planFor,
  provider,
  wrong,
} from '../../support/diagnosis-world.ts';

const plan = planFor(provider);
const some = <const K extends Fault['kind']>(kind: K, ids: readonly string[]) => ids.map((id) => ({ kind, id }) as Fault);
const hosts = provider.hosts.map(({ id }) => id);
const legs = ['mail.receiving', 'mail.sending', 'mail.reading', 'mail.webmail'];
const rides: Record<string, readonly string[]> = { bluefin: ['a', 'b', 'c', 'd', 'e'], meridian: ['a', 'b', 'c', 'd'] };
const dropped = Object.entries(rides).flatMap(([id, prefixes]) =>
  Array.from(
    { length: 2 ** prefixes.length - 1 },
    (_, mask): Fault => ({ kind: 'link-prefixes', id, prefixes: prefixes.filter((__, bit) => ((mask + 1) >> bit) & 1) }),
  ),
);
const looked = [...outcomesOf(provider, plan, { kind: 'desk' }).keys()];
const faults: Fault[] = [
  { kind: 'desk' },
  ...some('site', ['norfolk', 'leeds']),
  ...some('link', ['bluefin', 'meridian', 'delta']),
  ...some('link-loss', ['bluefin', 'meridian', 'delta']),
  ...dropped,
  ...some('prefix', ['a', 'b', 'c', 'd', 'e', 'west']),
  ...some('host', hosts),
  ...some('host-hangs', hosts),
  ...some('service', ['web', 'shops', 'db', 'leeds-web', 'dns']),
  ...some('leg', legs),
  ...some('mail', ['mail']),
  ...some('name-server', ['192.0.2.3', '198.51.100.3']),
  ...some(
    'check',
    looked.filter((id) => !id.startsWith('desk/') && !provider.links.some((it) => id.startsWith(it.id))),
  ),
];
const ways: Record<string, Outcome> = { gone, wrong };
const fault = fc.constantFrom(...faults);
const how = fc.constantFrom(...Object.keys(ways)).map((it) => ways[it] ?? null);

const failsOf = (it: Fault, seen: Outcome = wrong): string =>
  [...outcomesOf(provider, plan, it, seen)].flatMap(([id, outcome]) => (outcome ? [id] : [])).join(' ');
/** What each of its culprits alone would do. */
const faultsOf = ({ kind, culprits, prefixes }: Cause): Fault[] =>
  culprits.map((id): Fault => {
    if (kind === 'desk') return { kind };
    if (kind === 'link-prefixes') return { kind, id, prefixes };
    return { kind: kind === 'dependency' ? (hosts.includes(id) ? 'host' : 'service') : kind, id };
  });
/** It is what is broken, or nobody could tell it from that; the only check of a program stands for it, whatever works on beside it. */
const isRight = (cause: Cause, truth: Fault): boolean => {
  const wanted = failsOf(truth);
  if (
    truth.kind === 'check' &&
    plan.checks
      .filter((it) => it.subject.id === cause.culprits[0])
      .map((it) => it.id)
      .join() === truth.id
  )
    return true;
  return faultsOf(cause).some((it) => failsOf(it) === wanted);
};

test.each(faults.flatMap((it) => Object.entries(ways).map(([name, seen]) => [`${JSON.stringify(it)} ${name}`, it, seen] as const)))(
  'with all signs there: %s',
  (_name, truth, seen) => {
    const outcomes = outcomesOf(provider, plan, truth, seen);
    const ranking = weigh(inputOf(plan, outcomes));
    const cause = ranking?.ranked[0]?.cause;
    expect(cause && isRight(cause, truth), `${JSON.stringify(cause)} ${ranking?.confidence}`).toBe(true);
  },
);

test('what is not known never makes it sure of something wrong', () => {
  fc.assert(
    fc.property(fault, how, fc.array(fc.boolean(), { minLength: looked.length, maxLength: looked.length }), (truth, seen, known) => {
      const outcomes = new Map([...outcomesOf(provider, plan, truth, seen)].filter((_, index) => known[index]));
      const ranking = weigh(inputOf(plan, outcomes));
      const cause = ranking?.ranked[0]?.cause;
      if (ranking && cause && ranking.confidence === 'sure')
        expect(isRight(cause, truth), `${JSON.stringify(truth)}: ${JSON.stringify(ranking.ranked, null, 1)}`).toBe(true);
    }),
    { numRuns: 800 },
  );
});

test('the order of what is given does not matter', () => {
  fc.assert(
    fc.property(fault, how, fc.shuffledSubarray([...plan.checks], { minLength: plan.checks.length }), (truth, seen, order) => {
      const outcomes = outcomesOf(provider, plan, truth, seen);
      expect(weigh(inputOf(plan, outcomes, { order }))).toEqual(weigh(inputOf(plan, outcomes)));
    }),
    { numRuns: 100 },
  );
});

test('whatever is seen, it says something bounded and never throws', () => {
  const outcome = fc.constantFrom<Outcome | undefined>(
    undefined,
    null,
    gone,
    wrong,
    lossy,
    { symptom: null, reason: null },
    { symptom: 'wrong', reason: 'refused' },
  );
  fc.assert(
    fc.property(
      fc.array(outcome, { minLength: plan.checks.length, maxLength: plan.checks.length }),
      fc.nat(plan.checks.length),
      (all, most) => {
        const outcomes = new Map(plan.checks.flatMap((it, index) => (all[index] === undefined ? [] : [[it.id, all[index]] as const])));
        const failing = [...outcomes].flatMap(([id, seen]) => (seen ? [id] : [])).slice(0, most);
        const input = inputOf(plan, outcomes, { checks: failing });
        const diagnosis = diagnose(input);
        const ranking = weigh(input);
        expect(diagnosis === null).toBe(failing.length === 0);
        if (!diagnosis || !ranking) return;
        expect(ranking.ranked.reduce((sum, it) => sum + it.share, 0)).toBeLessThanOrEqual(1.000_001);
        expect([...diagnosis.unexplained, ...diagnosis.best.explains].filter((id) => failing.includes(id)).sort()).toEqual(
          [...failing].sort(),
        );
        expect(diagnosis.since).toBeGreaterThanOrEqual(firstAt);
        expect(diagnosis.doubt === null).toBe(diagnosis.confidence === 'sure');
      },
    ),
    { numRuns: 300 },
  );
});
