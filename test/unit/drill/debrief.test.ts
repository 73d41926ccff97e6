/** The debrief of whole drills: how each fault was met, what people did, what the documents state; by script and by a player, at any moment. */
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { linesOfDocument } from '../../../electron/documents/document-lines.ts';
import { type DebriefOptions, debriefOf } from '../../../electron/drill/debrief.ts';
import { draftsOf } from '../../../electron/drill/drafts.ts';
import { play } from '../../../electron/drill/player.ts';
import { openSession, type Session } from '../../../electron/drill/session.ts';
import { answer, type Reply } from '../../../shared/bind.ts';
import { type EngineContract, engineContract } from '../../../shared/contract.ts';
import { beginDocument } from '../../../shared/documents/document.ts';
import type { Debrief } from '../../../shared/scenario/debrief.ts';
import { linesOf } from '../../../shared/scenario/score.ts';
import { MINUTE } from '../../../shared/time.ts';
import { until } from '../../drills/play.ts';
import { nightAt, readNight } from '../../support/drill-bay.ts';
import { removeTemporaryFolders } from '../../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 60_000 });
const open: { close(): void }[] = [];
afterEach(() => {
  for (const it of open.splice(0)) it.close();
});
afterAll(removeTemporaryFolders);

type Read = Awaited<ReturnType<typeof readNight>>;
async function played(read: Read) {
  const result = await play(read);
  if (!result.ok) throw new Error(result.failure.code);
  open.push(result.value);
  return result.value;
}
async function debriefed(read: Read, more: Partial<DebriefOptions> = {}): Promise<Debrief> {
  const { store, now } = await played(read);
  return debriefOf({ read, store, now, over: true, acts: 'script', ...more });
}

const misrouted = `  - { at: "03:18", break: { link: north, prefixes: [p1] } }
  - { at: "04:10", restore: { link: north } }`;
const night = (world = misrouted, more = ''): Promise<Read> =>
  readNight(
    world,
    `
  - { at: "03:24", acknowledge: { by: anna, comment: driving in } }
  - { at: "03:25", incident: { by: anna } }
  - { at: "03:30", note: { by: anna, text: The circuits are up. } }
  - { at: "03:31", note: { by: anna, text: Called Northline. } }
  - { at: "04:20", rootCause: { by: anna, text: Northline dropped our traffic. } }
${more}
expected:
  - { fact: began at 03:18, any: ["03:18"], in: [post-mortem, customer-report] }
  - { fact: the cause, any: [Northline dropped our traffic], in: [post-mortem] }
  - { fact: the moon, any: [full moon], in: [post-mortem] }
forbidden:
  - { fact: mail failed, any: [mail … could not] }`,
  );

describe('a fault', () => {
  it('is told from its beginning to the end of its alert', async () => {
    const it = await debriefed(await night());
    expect(it).toMatchObject({ name: 'A night', zone: 'America/New_York', at: nightAt('05:00'), over: true, falseSentences: [] });
    const [story, ...more] = it.faults;
    expect(more).toEqual([]);
    expect(story).toMatchObject({
      what: 'Northline drops range one',
      from: nightAt('03:18'),
      to: nightAt('04:10'),
      acknowledgedAt: nightAt('03:24'),
      acknowledgedBy: 'anna',
    });
    const minutesAfter = (at: number | null | undefined, from: string): number => ((at ?? 0) - nightAt(from)) / MINUTE;
    for (const at of [story?.shownAt, story?.namedAt]) {
      expect(minutesAfter(at, '03:18')).toBeGreaterThan(0);
      expect(minutesAfter(at, '03:18')).toBeLessThan(1.5);
    }
    expect(story?.shownAs).toContain('range one');
    expect(story?.namedAs).toContain('Northline');
    expect(minutesAfter(story?.overAt, '04:10')).toBeLessThan(1.5);
    expect(it.deeds).toEqual([
      { kind: 'acknowledgement', count: 1, firstAt: nightAt('03:24') },
      { kind: 'incident', count: 1, firstAt: nightAt('03:25') },
      { kind: 'note', count: 2, firstAt: nightAt('03:30') },
      { kind: 'addition to an incident', count: 1, firstAt: nightAt('04:20') },
      { kind: 'root cause', count: 1, firstAt: nightAt('04:20') },
    ]);
  });

  it('is told as far as it has come, and nothing of what is still to come', async () => {
    const read = await night(`${misrouted}\n  - { at: "04:30", break: { host: mail1 } }`);
    const cut = until(read, nightAt('03:40'));
    const { store, now } = await played(cut);
    const it = debriefOf({ read, store, now, over: false, acts: 'script' });
    expect(it.faults).toMatchObject([{ what: 'Northline drops range one', to: null, overAt: null, acknowledgedBy: 'anna' }]);
    expect(it.faults[0]?.namedAt).not.toBeNull();
    expect(debriefOf({ read, store, now: nightAt('03:10'), over: false, acts: 'script' }).faults).toEqual([]);
  });

  it('of several ranges, mended one by one, is one; another mode, or another time, is another', async () => {
    const it = await debriefed(
      await night(`  - { at: "03:10", break: { link: north, prefixes: [p1, p2] } }
  - { at: "03:20", restore: { link: north, prefixes: [p2] } }
  - { at: "03:30", restore: { link: north } }
  - { at: "04:00", break: { host: db1 } }
  - { at: "04:10", restore: { host: db1 } }
  - { at: "04:10", break: { host: db1, mode: hang } }
  - { at: "04:20", restore: { host: db1 } }
  - { at: "04:40", break: { host: db1 } }`),
    );
    expect(it.faults.map(({ what, from, to }) => [what, from, to])).toEqual([
      ['Northline drops range one and range two', nightAt('03:10'), nightAt('03:30')],
      ['Database server is down', nightAt('04:00'), nightAt('04:10')],
      ['Database server hangs: it answers pings and nothing else', nightAt('04:10'), nightAt('04:20')],
      ['Database server is down', nightAt('04:40'), null],
    ]);
    for (const { shownAt, from, to } of it.faults) {
      expect(shownAt).toBeGreaterThanOrEqual(from);
      expect(shownAt).toBeLessThanOrEqual(to ?? nightAt('05:00'));
    }
  });

  it('that no check can see is told all the same, and that nobody noticed', async () => {
    const it = await debriefed(await night('  - { at: "03:20", break: { host: mail1, mode: hot } }'));
    expect(it.faults).toEqual([
      expect.objectContaining({ what: 'Mail server is too hot', shownAt: null, namedAt: null, acknowledgedAt: null, overAt: null }),
    ]);
  });

  it('of a computer that sleeps is told when it is awake', async () => {
    const it = await debriefed(
      await night('  - { at: "03:20", break: { desk: true, mode: asleep } }\n  - { at: "03:50", restore: { desk: true } }'),
    );
    const [story] = it.faults;
    expect(story).toMatchObject({ what: 'This computer sleeps', shownAs: expect.stringContaining('slept') });
    expect((story?.shownAt ?? 0) - nightAt('03:50')).toBeLessThan(MINUTE);
  });

  it('within planned work is shown when that should be over', async () => {
    const read = await readNight(
      '  - { at: "03:20", break: { host: web1 } }\n  - { at: "04:20", restore: { host: web1 } }',
      '[{ at: "03:05", maintenance: { name: New disks, from: "03:15", to: "04:00", affects: [web1] } }]',
    );
    const [story] = (await debriefed(read)).faults;
    expect(story?.shownAt).toBeGreaterThanOrEqual(nightAt('04:00'));
    expect((story?.shownAt ?? 0) - nightAt('04:00')).toBeLessThan(2 * MINUTE);
  });
});

describe('documents', () => {
  it('are those of the desk where nobody wrote one, of the kinds that the drill expects something of', async () => {
    const { documents } = await debriefed(await night());
    expect(documents.map(({ kind, by }) => [kind, by])).toEqual([
      ['post-mortem', 'desk'],
      ['customer-report', 'desk'],
    ]);
    expect(documents[0]).toMatchObject({ missing: ['the moon'], wrong: [] });
    expect(documents[0]?.stated.map(({ fact }) => fact)).toEqual(['began at 03:18', 'the cause']);
  });

  it('say the same lines as people edit them as when they were drafted', async () => {
    const read = await night();
    const drafts = draftsOf(await played(read));
    expect(drafts.length).toBeGreaterThan(2);
    for (const { kind, options, draft } of drafts) {
      const about = { id: '', kind, incident: null, window: null, options };
      const document = beginDocument(draft, about, { by: 'anna', now: 0 });
      const plain = (lines: { text: string }[]): string[] =>
        lines.map(({ text }) => text.replace(/\s+/g, ' ').trim()).filter((it) => it !== '');
      expect(plain(linesOfDocument(document)), kind).toEqual(plain(linesOf(draft)));
    }
  });
});

describe('where somebody plays', () => {
  async function session(read: Read): Promise<Session> {
    const opened = await openSession(read, { acts: 'player' });
    if (!opened.ok) throw new Error(opened.failure.code);
    open.push(opened.value);
    return opened.value;
  }
  const ask = async <T>(it: Session, name: keyof EngineContract['requests'], input: unknown): Promise<T> => {
    const reply = (await answer(engineContract, it.handlers, name, input, (error) => {
      throw error;
    })) as Reply<T>;
    if (!reply.ok) throw new Error(reply.failure.text);
    return reply.value;
  };
  const debrief = (it: Session): Debrief => debriefOf({ read: it.read, store: it.store, now: it.now(), over: true, acts: 'player' });

  it('the incident that nobody opened is looked at, and kept nowhere', async () => {
    const it = await session(await night());
    it.finish();
    await it.ended;
    const { documents, deeds, faults } = debrief(it);
    expect(deeds).toEqual([]);
    expect(faults[0]?.acknowledgedAt).toBeNull();
    expect(documents[0]).toMatchObject({ kind: 'post-mortem', by: 'desk', missing: ['the cause', 'the moon'] });
    expect(documents[0]?.stated.map(({ fact }) => fact)).toEqual(['began at 03:18']);
    expect(it.store.incidents(0, it.now())).toEqual([]);
  });

  it('nothing can be drafted where there was no alert: everything is missing', async () => {
    const it = await session(await night('  - { at: "04:59", break: { host: mail1, mode: hot } }'));
    it.finish();
    await it.ended;
    expect(debrief(it).documents).toEqual([
      { kind: 'post-mortem', by: 'desk', stated: [], missing: ['began at 03:18', 'the cause', 'the moon'], wrong: [] },
      { kind: 'customer-report', by: 'desk', stated: [], missing: ['began at 03:18'], wrong: [] },
    ]);
  });

  it('what the player wrote is read, and what others do is no deed of the player', async () => {
    const it = await session(await night(misrouted, '  - { at: "04:30", change: { by: bob, what: New firewall rules, subject: web1 } }'));
    it.finish();
    await it.ended;
    const [alert] = it.store.alerts(0, it.now());
    const by = 'Player One';
    const { id } = await ask<{ id: string }>(it, 'openIncident', {
      title: null,
      severity: 'major',
      lead: by,
      alerts: [alert?.id],
      subjects: [],
      from: null,
      to: null,
      by,
    });
    const options = { zone: 'America/New_York', clock: '24h' };
    const about = { kind: 'post-mortem', incident: id, window: null, options, by };
    const paper = await ask<{ id: string; revision: number; title: string }>(it, 'openDocument', about);
    const text =
      'It was a **full moon**. Mail was fine[^1] [TO FILL: Was it that Northline dropped our traffic?]\n\n| A | B |\n|---|---|\n| mail | could not be read |';
    await ask(it, 'saveDocument', {
      document: paper.id,
      revision: paper.revision,
      by,
      title: paper.title,
      sections: [{ key: 'own', title: 'Own', text }],
    });
    const { documents, deeds } = debrief(it);
    expect(documents[0]).toEqual({
      kind: 'post-mortem',
      by: 'player',
      stated: [{ fact: 'the moon', section: 'Own', text: 'It was a full moon. Mail was fine' }],
      missing: ['began at 03:18', 'the cause'],
      wrong: [{ fact: 'mail failed', section: 'Own', text: 'mail | could not be read' }],
    });
    expect(documents[1]).toMatchObject({ kind: 'customer-report', by: 'desk' });
    expect(deeds.map(({ kind }) => kind)).toEqual(['incident', 'draft']);
  });
});
