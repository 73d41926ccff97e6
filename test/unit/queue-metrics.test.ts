/** The numbers of queues that other programs print. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetrics, readSeries, readSummary } from '../../electron/probes/queue-metrics.ts';
import { queue } from '../../shared/checks/queue.ts';
import type { QueueFacts } from '../../shared/checks/queue-facts.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { hostile } from '../support/hostile-text.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

describe('numbers', () => {
  const limits = { oldestDegraded: 30 * MINUTE, oldestDown: 4 * HOUR };
  const page = (...lines: string[]) => {
    const metrics = createMetrics(undefined, limits);
    for (const text of lines) metrics.line(text);
    return metrics.facts(now);
  };
  const name = 'postfix_showq_message_size_bytes_count';
  const bucket = (le: string, n: number, of = 'deferred') => `postfix_showq_message_age_seconds_bucket{queue="${of}",le="${le}"} ${n}`;
  it('of an exporter: length by queue, and how old at least', () => {
    const found = page(
      '# HELP postfix_showq_message_size_bytes Size of messages',
      `${name}{queue="active"} 2`,
      `${name}{instance="b",queue="deferred"} 4.3e+02`,
      `${name}{queue="hold"} 7 1700000000000`,
      `${name}{queue="maildrop"} 1`,
      `${name}{queue="other"} 0`,
      bucket('1000', 30),
      bucket('10000', 410),
      bucket('100000', 430),
      bucket('+Inf', 430),
      bucket('10', 0, 'hold'),
      bucket('+Inf', 7, 'hold'),
      'postfix_showq_message_age_seconds_sum{queue="deferred"} 860000',
      'postfix_showq_message_age_seconds_count{queue="deferred"} 430',
      'postfix_up{path="/var/spool/postfix/public/showq"} 1',
      'go_gc_duration_seconds{quantile="0"} NaN',
    );
    expect(found).toEqual({
      failed: false,
      facts: {
        total: 440,
        active: 2,
        deferred: 430,
        hold: 7,
        incoming: 1,
        other: 0,
        // Of the step at 10,000 s: those between 30 min and it cannot be told.
        olderDegraded: 20,
        olderDown: 0,
        oldestAt: now - 10_000_000,
        oldestOrEarlier: true,
      },
    });
  });
  it('the oldest is no younger than the average', () => {
    const found = page(
      `${name}{queue="deferred"} 2`,
      bucket('1000', 2),
      bucket('+Inf', 2),
      'postfix_showq_message_age_seconds_sum{queue="deferred"} 1600',
      'postfix_showq_message_age_seconds_count{queue="deferred"} 2',
    );
    expect(found?.facts).toMatchObject({ oldestAt: now - 800_000, oldestOrEarlier: true });
  });
  it('of other exporters', () => {
    expect(
      page('postfix_queue_length{queue="deferred"} 400', 'postfix_queue_age{queue="deferred"} 3600', 'postfix_queue_age{queue="hold"} 9999')
        ?.facts,
    ).toEqual({
      total: 400,
      deferred: 400,
      olderDegraded: 1,
      olderDown: 0,
      oldestAt: now - HOUR,
    });
    expect(page('postfix_showq_queue_depth{queue="active"} 3')?.facts).toMatchObject({ total: 3, active: 3 });
  });
  it('an exporter that cannot see it, and a page without it', () => {
    expect(page('postfix_up{path="x"} 0')).toEqual({ facts: {}, failed: true });
    expect(page('postfix_up{path="x"} 1', 'go_goroutines 9')).toBeNull();
    expect(page()).toBeNull();
  });
  it.each(['a{b="c"', 'a{b=c} 1', 'a', 'a b', '{} 1', 'a{b="c"}', 'a 1x', `a{b="${'x'.repeat(400)}"} 1`])('no series: %s', (text) =>
    expect(readSeries(text)).toBeNull(),
  );
  it('survives any line', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.string()).map((it) => `${name}{queue="${it}"} ${it}`)), (lines) => {
        const facts = page(...lines)?.facts ?? {};
        expect(() => queue.observation.parse(facts)).not.toThrow();
      }),
    );
  });
  it.each<[string, QueueFacts | null]>([
    ['{"total": 12, "deferred": 10, "hold": 1}', { total: 12, deferred: 10, hold: 1 }],
    ['{"deferred": 10, "active": 3, "maildrop": 1}', { total: 14, deferred: 10, active: 3, incoming: 1 }],
    ['{"total": 5, "oldestSeconds": 3600}', { total: 5, olderDegraded: 1, olderDown: 0, oldestAt: now - HOUR }],
    ['{"total": 0, "oldestSeconds": 0}', { total: 0, olderDegraded: 0, olderDown: 0 }],
    ['{"total": -1}', null],
    ['{"total": "12"}', null],
    ['{"total": 1e99}', null],
    ['{}', null],
    ['[]', null],
    ['null', null],
    ['<html>', null],
  ])('%s', (text, facts) => expect(readSummary(text, limits, now)).toEqual(facts));
});
