import { describe, expect, it } from 'vitest';
import { createEvidence } from '../../shared/incident/evidence.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import { momentsOf, type ReportFacts, reportFacts, reportFactsSchema } from '../../shared/incident/report-facts.ts';
import { timesOf } from '../../shared/incident/times.ts';
import { namesOf } from '../../shared/model/describe-event.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import * as nights from '../support/draft-cases.ts';
import { lostServerStory, overrunStory, upstreamStory } from '../support/report-cases.ts';

/** Every key of evidence anywhere in the facts. */
function keysIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const it of value) keysIn(it, found);
  else if (typeof value === 'object' && value !== null)
    for (const [key, it] of Object.entries(value)) {
      if (key.toLowerCase().endsWith('evidence')) for (const one of it as string[]) found.add(one);
      else keysIn(it, found);
    }
  return found;
}

const inZone = (facts: ReportFacts, at: number | null | undefined): string | null =>
  at === null || at === undefined
    ? null
    : new Date(at).toLocaleTimeString('en-GB', { timeZone: facts.zone, hour: '2-digit', minute: '2-digit' });

const all: [string, () => DraftInput][] = [
  ['upstream', upstreamStory],
  ['overrun', overrunStory],
  ['lost server', lostServerStory],
  ['web server', nights.webServerDoesNotComeBack],
  ['prefixes', nights.upstreamDropsPrefixes],
  ['mail', nights.mailCannotBeRead],
  ['all down', nights.upstreamTakesAllDown],
];

describe('every report', () => {
  it.each(all)('%s: fits its schema, and all that it says leads to its evidence', (_, make) => {
    const input = make();
    const facts = reportFacts(input);
    expect(reportFactsSchema.safeParse(facts).error?.issues ?? []).toEqual([]);
    const keys = [...keysIn(facts)].filter((key) => key !== 'E-RFO');
    const times = timesOf(input.zone, input.from, input.to, momentsOf(facts));
    const book = createEvidence(input, namesOf(input.subjects, input.plans), times);
    const block = { kind: 'list' as const, statements: [{ text: '', evidence: keys }] };
    const numbered = book.number([{ key: 'all', title: '', blocks: [block] }]);
    expect(numbered.map((it) => it.key)).toEqual(keys);
    expect(numbered.every((it) => it.text.length > 5)).toBe(true);
  });
  it.each(all)('%s: is the same for the same night', (_, make) => {
    expect(JSON.stringify(reportFacts(make()))).toBe(JSON.stringify(reportFacts(make())));
  });
});

describe('an upstream that drops some of our prefixes', () => {
  const facts = reportFacts(upstreamStory());
  it('tells link state from traffic state', () => {
    const [east, west] = facts.links;
    expect(east).toMatchObject({
      gateway: 'worked',
      traffic: 'dead',
      upButDead: true,
      alone: true,
      blamed: true,
      prefixes: { hit: 3, of: 3 },
      contacts: [{ name: 'Eastern desk', tier: 'tier 1', phone: '+1 555 0100', email: null, url: null }],
    });
    expect(west).toMatchObject({ gateway: 'worked', traffic: 'worked', upButDead: false, alone: false, blamed: false, from: null });
    expect(facts.prefixes.map((it) => [it.name, it.state, inZone(facts, it.to)])).toEqual([
      ['range 1', 'dead', '06:40'],
      ['range 2', 'dead', '07:05'],
      ['range 3', 'dead', '07:05'],
      ['range 4', 'worked', null],
      ['range 5', 'worked', null],
    ]);
    expect(facts.traces[0]?.text).toBe('dies inside Eastern, after 203.0.113.1 (hop 2 of 2)');
    // A gateway that answers is no link that works.
    expect(facts.notAffected.map((it) => it.name)).not.toContain('Eastern');
  });
  it('tells when what happened', () => {
    expect(
      [
        facts.firstSymptom,
        facts.detection,
        facts.acknowledgement,
        facts.identification,
        facts.firstRecovery,
        facts.recovery,
        facts.resolution,
      ].map((it) => inZone(facts, it?.at)),
    ).toEqual(['03:18', '03:20', '03:23', '05:00', '06:40', '07:05', '07:05']);
    expect(facts.detection?.by).toBe('desk');
    expect(facts.identification).toMatchObject({ how: 'root-cause', by: 'Kim' });
    expect(facts.ongoing).toBe(false);
    expect(facts.durations).toMatchObject({ toDetectMs: 80 * SECOND, toAcknowledgeMs: 220 * SECOND });
  });
  it('tells partial recovery step by step', () => {
    expect(facts.recoverySteps.map((it) => [inZone(facts, it.at), it.thing.name, it.thingsBack, it.thingsOf, it.all])).toEqual([
      ['06:40', 'range 1', 1, 3, false],
      ['07:05', 'range 2', 2, 3, false],
      ['07:05', 'range 3', 3, 3, true],
    ]);
  });
  it('tells outside from inside, and what people say of it as theirs', () => {
    expect(facts.vantage.outside.things.find((it) => it.id === 'dns')?.state).toBe('failed');
    expect(facts.vantage.inside).toMatchObject({ watched: true, things: [{ id: 'web1', state: 'worked' }] });
    expect(facts.vantage.said.map((it) => it.text)).toEqual(['everything works internally']);
  });
  it('keeps the log of calls with who waited how long', () => {
    expect(facts.contacts.map((it) => [inZone(facts, it.at), it.name, it.tier, it.direction, it.waited && it.waited.ms / MINUTE])).toEqual([
      ['04:10', 'Eastern', 'tier 1', 'out', 80],
      ['04:20', 'Western', 'tier 1', 'out', null],
      ['05:30', 'Eastern', 'capacity on-call', 'in', 36],
      ['06:06', 'Eastern', 'routing group', 'in', null],
      ['07:05', 'Eastern', null, 'in', null],
    ]);
    expect(facts.contacts[0]?.ticket).toBe('4711');
    expect(facts.owed).toMatchObject([{ name: 'Eastern', what: 'RFO', state: 'late' }]);
  });
  it('reckons the credit of the link that dropped it, though its gateway was up, and of no other', () => {
    // 03:18:40 to 07:05: 226 min 20 s of partial outage, 8 started half hours.
    expect(facts.sla).toMatchObject([
      { thing: { id: 'east' }, month: '2026-06', complete: false, met: false, percent: 40, amount: { value: 800, currency: 'USD' } },
    ]);
    expect(Math.round((facts.sla[0]?.partialMs ?? 0) / MINUTE)).toBe(226);
    expect(facts.sla[0]?.claimBy).toBe((facts.recovery?.at ?? 0) + 72 * HOUR);
  });
  it('has what only depends on it as unreachable', () => {
    expect(facts.affected.find((it) => it.id === 'dns')).toMatchObject({ how: 'unreachable', audience: 'name service', through: 'p1' });
  });
  it('asks what nobody has written', () => {
    expect(facts.open.map((it) => it.key)).toEqual(['customers', 'follow-ups']);
  });
});

describe('planned work that overruns', () => {
  const facts = reportFacts(overrunStory());
  it('tells planned from actual end', () => {
    expect(facts.work).toMatchObject([
      { name: 'Upgrade of web1', reason: 'a bigger disk', coversIncident: true, notBack: ['web1', 'web sites'], cancelled: false },
    ]);
    const [work] = facts.work;
    expect([work?.plannedFrom, work?.plannedTo, work?.to].map((at) => inZone(facts, at))).toEqual(['00:09', '05:09', '02:25']);
    expect(work?.overrunMs).toBe(21 * HOUR + 16 * MINUTE);
  });
  it('tells wrong content from down, by the results', () => {
    expect(facts.wrongContent.map((it) => [it.audience, inZone(facts, it.from), inZone(facts, it.to), it.seen])).toEqual([
      ['your web sites', '05:16', '02:25', 'answers 200, but “Welcome” is missing'],
    ]);
    expect(facts.affected.find((it) => it.id === 'sites')?.how).toBe('down');
    expect(facts.affected.find((it) => it.id === 'web1')).toMatchObject({ how: 'down', plannedMs: 5 * HOUR - 30 * SECOND });
  });
  it('counts customers, and says who knew first', () => {
    expect(facts.customers).toMatchObject({ count: 13, beforeDetection: false, first: { by: 'Lee', count: 1, text: 'my pages are gone' } });
    expect(inZone(facts, facts.customers?.first.at)).toBe('09:10');
    expect(facts.customers?.first.enteredAt).not.toBeNull();
  });
  it('holds promised updates against what came', () => {
    expect(facts.statusUpdates.map((it) => it.kept)).toEqual([false, true, null]);
  });
  it('keeps progress and what is still to be done', () => {
    expect(facts.progress).toMatchObject([{ done: 1, total: 3, what: 'parts of the panel', text: 'settings rescued' }]);
    expect(facts.followUps).toMatchObject([{ text: 'back up the panel on its own', owner: 'Lee' }]);
  });
  it('calls not affected only what was seen to work', () => {
    expect(facts.notAffected.map((it) => it.name)).toEqual(['mail']);
    expect(facts.notKnown.map((it) => it.name)).toContain('mailing lists');
  });
});

describe('a server that is lost', () => {
  const facts = reportFacts(lostServerStory());
  it('begins with the early symptom', () => {
    expect(facts.firstSymptom).toMatchObject({ at: facts.from, checkName: 'MySQL of databases', text: 'the connection was closed' });
  });
  it('tells the newest usable backup and the window of possible loss', () => {
    expect(facts.backups).toMatchObject([{ id: 'web1', lossMs: 12 * HOUR, hit: true, newestAt: facts.from - 12 * HOUR }]);
    expect(facts.open.map((it) => it.key)).toContain('data-lost');
  });
  it('has a service without checks of its own down with its host', () => {
    expect(facts.affected.map((it) => [it.audience, it.how, it.through])).toEqual([
      ['your databases', 'down', null],
      ['your web sites', 'down', 'web1'],
      ['web1', 'down', null],
    ]);
  });
  it('keeps restore progress, decisions and the resolution', () => {
    expect(facts.progress.map((it) => `${it.done} of ${it.total} ${it.what}`)).toEqual(['7 of 43 sites', '43 of 43 sites']);
    expect(facts.decisions).toHaveLength(1);
    expect(facts.resolution).toMatchObject({ by: 'Kim', text: 'moved to a new server' });
  });
});
