/** The whole engine and an incident from the alert to the saved report. */
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../shared/model/incident.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { ask, hostLine, inventoryHead, must, openAlerts, type Rig, rigsOfThisFile, untilSo } from '../../support/engine-rig.ts';

const start = rigsOfThisFile();
const inventory = `${inventoryHead}sites: [{ id: sd, name: San Diego }]
hosts:
${hostLine('gw')}${['web1', 'web2'].map((id) => hostLine(id, ', site: sd')).join('')}${hostLine('db1', ', parents: [gw]')}${hostLine('db2', ', parents: [gw]')}`;

async function withAlert(): Promise<{ rig: Rig; alert: string }> {
  const rig = await start({ inventory });
  await rig.clock.advance(5 * MINUTE);
  rig.answers.set('web1', 'refused');
  await untilSo(rig, () => openAlerts(rig).length === 1);
  return { rig, alert: openAlerts(rig)[0]?.id as string };
}
const open = (rig: Rig, more: Record<string, unknown> = {}) =>
  must(rig, 'openIncident', {
    title: null,
    severity: 'major',
    lead: null,
    alerts: [],
    subjects: [],
    from: null,
    to: null,
    by: 'Ada',
    ...more,
  });
const again = {
  title: 'Again',
  severity: 'major',
  lead: null,
  alerts: [] as string[],
  subjects: [],
  from: null,
  to: null,
  by: 'Bo',
} as const;
const change = (incident: string, it: object) => ({ incident, by: 'Ada', reason: '', change: it as never });
const log = (incident: string | null, entry: LogEntry, at: number | null = null) => ({ incident, by: 'Ada', at, entry });
const shown = (rig: Rig, id: string) => rig.tables().incidents[id];
const options = { zone: 'UTC', clock: '24h' } as const;

describe('an incident', () => {
  it('is named after its alert, begins at the first symptom, and is told', async () => {
    const { rig, alert } = await withAlert();
    const { id } = await open(rig, { alerts: [alert], lead: 'Bo' });
    expect(shown(rig, id)).toMatchObject({
      title: openAlerts(rig)[0]?.title,
      status: 'investigating',
      lead: 'Bo',
      alerts: [alert],
      how: 'alerts',
    });
    expect(rig.told('incident-opened')).toMatchObject([{ actor: 'Ada', payload: { incident: id, afterwards: false, alerts: [alert] } }]);
    const { value } = (await ask(rig, 'incident', { incident: id })) as { value: { alerts: { id: string }[] } };
    expect(value.alerts.map((it) => it.id)).toEqual([alert]);
  });

  it('keeps its alert for itself when 200 others have pushed it out of the windows', async () => {
    const { rig, alert } = await withAlert();
    const { id } = await open(rig, { alerts: [alert] });
    await must(rig, 'changeIncident', change(id, { kind: 'status', status: 'reported' }));
    for (let n = 0; n < 200; n += 1) await open(rig, { title: `No. ${n}` });
    expect(shown(rig, id)).toBeUndefined();
    expect(await ask(rig, 'openIncident', { ...again, alerts: [alert] })).toMatchObject({ ok: false, failure: { code: 'in-another' } });
  });

  it('is opened afterwards from a stretch of time, and says so', async () => {
    const rig = await start({ inventory });
    await rig.clock.advance(3 * HOUR);
    const now = rig.clock.now();
    const { id } = await open(rig, { title: 'Slow night', from: now - 2 * HOUR, to: now - HOUR });
    expect(shown(rig, id)).toMatchObject({ status: 'resolved', how: 'range', resolvedAt: now - HOUR });
    expect(rig.told('incident-opened')[0]).toMatchObject({ payload: { afterwards: true } });
    expect(await must(rig, 'incidents', { from: now - 90 * MINUTE, to: now })).toMatchObject([{ id }]);
    expect(await must(rig, 'incidents', { from: now - 10 * MINUTE, to: now })).toEqual([]);
  });

  it.each([
    ['no alert and no title', {}, 'nothing-chosen'],
    ['an alert that is gone', { alerts: ['nope'] }, 'alert-gone'],
    ['a thing that is not there', { title: 'x', subjects: ['nope'] }, 'no-such-subject'],
    ['an end without a beginning', { title: 'x', to: 5 }, 'bad-range'],
    ['a beginning in the future', { title: 'x', from: Number.MAX_SAFE_INTEGER }, 'bad-range'],
  ])('is refused with %s', async (_what, more, code) => {
    const { rig } = await withAlert();
    const reply = await ask(rig, 'openIncident', {
      title: null,
      severity: 'minor',
      lead: null,
      alerts: [],
      subjects: [],
      from: null,
      to: null,
      by: 'Ada',
      ...more,
    });
    expect(reply).toMatchObject({ ok: false, failure: { code } });
    expect(Object.keys(rig.tables().incidents)).toEqual([]);
    expect(rig.told('incident-opened')).toEqual([]);
  });

  it('does not share an alert with another one, until the two are merged', async () => {
    const { rig, alert } = await withAlert();
    const { id: first } = await open(rig, { alerts: [alert] });
    const { id: second } = await open(rig, { title: 'Second', subjects: ['db1'] });
    expect(await ask(rig, 'changeIncident', change(second, { kind: 'join', alerts: [alert] }))).toMatchObject({
      ok: false,
      failure: { code: 'in-another' },
    });
    await must(rig, 'log', log(first, { type: 'customer-report', count: 3, text: 'no pages' }));
    await must(rig, 'changeIncident', change(first, { kind: 'merge', into: second }));
    expect(shown(rig, first)).toBeUndefined();
    expect(shown(rig, second)).toMatchObject({ alerts: [alert], subjects: ['db1'], customers: 3 });
    expect(await ask(rig, 'changeIncident', change(first, { kind: 'title', title: 'x' }))).toMatchObject({
      ok: false,
      failure: { code: 'merged' },
    });
    expect(await ask(rig, 'log', log(first, { type: 'note', text: 'x' }))).toMatchObject({ ok: false, failure: { code: 'merged' } });
    // What was written before goes on with it, dated back lines at the time that they speak of.
    await must(rig, 'log', log(second, { type: 'note', text: 'earlier' }, rig.clock.now() - 2 * MINUTE));
    const { events } = await must(rig, 'incident', { incident: second });
    const lines = events.flatMap((it) => (it.kind === 'logged' && 'text' in it.payload.entry ? [it.payload.entry.text] : []));
    expect(lines).toEqual(['earlier', 'no pages']);
    expect(events.filter((it) => it.kind === 'incident-merged')).toHaveLength(1);
    const third = (await open(rig, { title: 'Third' })).id;
    await must(rig, 'changeIncident', change(second, { kind: 'merge', into: third }));
    expect(shown(rig, third)?.merged).toEqual([second, first]);
    expect((await must(rig, 'incident', { incident: third })).events.filter((it) => it.kind === 'logged')).toHaveLength(2);
  });

  it('goes through its states and is opened again', async () => {
    const { rig, alert } = await withAlert();
    const { id } = await open(rig, { alerts: [alert] });
    for (const status of ['identified', 'monitoring', 'resolved', 'reported'] as const) {
      await rig.clock.advance(MINUTE);
      await must(rig, 'changeIncident', change(id, { kind: 'status', status }));
    }
    const done = shown(rig, id);
    expect(done).toMatchObject({ status: 'reported' });
    expect([done?.identifiedAt, done?.resolvedAt, done?.reportedAt].every((at) => typeof at === 'number')).toBe(true);
    await must(rig, 'changeIncident', change(id, { kind: 'status', status: 'investigating' }));
    expect(shown(rig, id)).toMatchObject({ status: 'investigating', resolvedAt: null, reportedAt: null, identifiedAt: done?.identifiedAt });
    expect(await ask(rig, 'changeIncident', change(id, { kind: 'status', status: 'investigating' }))).toMatchObject({ ok: false });
    expect(rig.told('incident-status').map((it) => it.kind === 'incident-status' && it.payload.to)).toEqual([
      'identified',
      'monitoring',
      'resolved',
      'reported',
      'investigating',
    ]);
  });

  it('keeps what is owed until it is in, and whom we wait for until they call', async () => {
    const { rig, alert } = await withAlert();
    const { id } = await open(rig, { alerts: [alert] });
    const call = {
      type: 'contact',
      with: 'cox',
      person: null,
      tier: 'tier 1',
      channel: 'phone',
      direction: 'out',
      ticket: 'T-1',
      text: 'we are down',
      waiting: true,
    } as const;
    await must(rig, 'log', log(id, call));
    expect(shown(rig, id)?.waiting).toMatchObject([{ with: 'cox', endedAt: null }]);
    await rig.clock.advance(20 * MINUTE);
    await must(rig, 'log', log(id, { ...call, direction: 'in', text: 'fixed', waiting: false }));
    expect(shown(rig, id)?.waiting).toMatchObject([{ endedAt: rig.clock.now() }]);
    await must(rig, 'log', log(id, { type: 'owed', with: 'Cox', what: 'RFO', dueAt: null }));
    const [owed] = shown(rig, id)?.owed ?? [];
    await must(rig, 'changeIncident', change(id, { kind: 'status', status: 'reported' }));
    rig.stop();
    rig.clock.jump(31 * 24 * HOUR);
    const after = await start({ before: rig });
    expect(shown(after, id), 'still shown: something is owed').toMatchObject({ owed: [{ receivedAt: null }] });
    await must(after, 'log', log(id, { type: 'owed-received', owed: owed?.id ?? '', text: 'by mail' }));
    expect(await ask(after, 'log', log(id, { type: 'owed-received', owed: owed?.id ?? '', text: '' }))).toMatchObject({
      ok: false,
      failure: { code: 'no-such-debt' },
    });
    after.stop();
    const again = await start({ before: after });
    expect(shown(again, id)).toBeUndefined();
    expect(await must(again, 'incident', { incident: id })).toMatchObject({ incident: { owed: [{ with: 'Cox' }] } });
  });

  it('shows lines that were dated back by weeks, its own ones only', async () => {
    const { rig, alert } = await withAlert();
    const { id } = await open(rig, { alerts: [alert] });
    const { id: other } = await open(rig, { title: 'Another' });
    const at = rig.clock.now() - 20 * 24 * HOUR;
    await must(rig, 'log', log(id, { type: 'note', text: 'the switch was replaced' }, at));
    await must(rig, 'log', log(other, { type: 'note', text: 'not about it' }, at));
    const { events } = (await must(rig, 'incident', { incident: id })) as { events: { kind: string; at: number }[] };
    expect(events.filter((it) => it.kind === 'logged')).toMatchObject([{ at }]);
  });

  it('takes lines that are dated back, marked as such, and none from the future', async () => {
    const { rig, alert } = await withAlert();
    const { id } = await open(rig, { alerts: [alert] });
    const at = rig.clock.now() - 30 * MINUTE;
    await must(rig, 'log', log(id, { type: 'progress', done: 9, total: 43, what: 'sites', text: '' }));
    await must(rig, 'log', log(id, { type: 'progress', done: 7, total: 43, what: 'sites', text: '' }, at));
    expect(shown(rig, id)?.progress).toMatchObject({ done: 9 });
    expect(rig.told('logged').map((it) => it.kind === 'logged' && [it.at, it.payload.enteredAt])).toEqual([
      [rig.clock.now(), null],
      [at, rig.clock.now()],
    ]);
    expect(await ask(rig, 'log', log(id, { type: 'note', text: 'x' }, rig.clock.now() + HOUR))).toMatchObject({
      ok: false,
      failure: { code: 'in-future' },
    });
  });

  it('goes with its alert when that goes on as part of another one', async () => {
    const rig = await start({ inventory });
    await rig.clock.advance(5 * MINUTE);
    rig.answers.set('db1', 'refused');
    await untilSo(rig, () => openAlerts(rig).length === 1);
    const older = openAlerts(rig)[0]?.id as string;
    await rig.clock.advance(2 * MINUTE);
    rig.answers.set('db2', 'refused');
    await untilSo(rig, () => openAlerts(rig).length === 2);
    const child = openAlerts(rig).find((it) => it.id !== older)?.id as string;
    const { id } = await open(rig, { alerts: [child] });
    rig.answers.set('gw', 'refused');
    await untilSo(rig, () => rig.told('alert-merged').length === 1);
    const into = openAlerts(rig)[0]?.id as string;
    expect(into).toBe(older);
    expect(shown(rig, id)?.alerts).toEqual([child, into]);
    expect(rig.told('incident-joined')).toMatchObject([{ actor: 'engine', payload: { alerts: [into] } }]);
  });

  it('is nowhere where the disk takes nothing', async () => {
    const { rig, alert } = await withAlert();
    rig.breakDisk({ code: 'full', text: 'the disk is full' } as never);
    const reply = await ask(rig, 'openIncident', {
      title: 'x',
      severity: 'minor',
      lead: null,
      alerts: [alert],
      subjects: [],
      from: null,
      to: null,
      by: 'Ada',
    });
    expect(reply).toMatchObject({ ok: false, failure: { code: 'not-saved' } });
    expect(Object.keys(rig.tables().incidents)).toEqual([]);
  });
});

describe('a document', () => {
  it('is drafted once, saved, drafted anew without touching what a person wrote, and brought back', async () => {
    const { rig, alert } = await withAlert();
    const { id: incident } = await open(rig, { alerts: [alert] });
    const ofIncident = { kind: 'post-mortem', incident, window: null, options, by: 'Ada' } as const;
    const first = await must(rig, 'openDocument', ofIncident);
    expect(first).toMatchObject({ kind: 'post-mortem', revision: 1, incident });
    expect((await must(rig, 'openDocument', ofIncident)).id).toBe(first.id);
    expect(rig.told('drafted')).toHaveLength(1);

    const sections = first.sections.map(({ key, title, text }) => ({ key, title, text: key === 'summary' ? 'My own words.' : text }));
    const saved = await must(rig, 'saveDocument', { document: first.id, revision: 1, by: 'Ada', title: first.title, sections });
    expect(saved.revision).toBe(2);
    expect(await ask(rig, 'saveDocument', { document: first.id, revision: 1, by: 'Bo', title: 'x', sections })).toMatchObject({
      ok: false,
      failure: { code: 'newer-revision' },
    });

    rig.answers.set('web1', 'ok');
    await untilSo(rig, () => openAlerts(rig).length === 0);
    await rig.clock.advance(MINUTE);
    const { sections: news } = await must(rig, 'documentNews', { document: first.id });
    expect(news.find((it) => it.key === 'summary')).toMatchObject({ state: 'conflict', text: 'My own words.' });
    expect(news.find((it) => it.key === 'timeline')).toMatchObject({ state: 'newer' });
    const redrafted = await must(rig, 'redraft', { document: first.id, revision: 2, by: 'Ada', sections: ['timeline'], options: null });
    expect(redrafted.sections.find((it) => it.key === 'summary')?.text).toBe('My own words.');
    expect(redrafted.sections.find((it) => it.key === 'timeline')?.text).toContain('Recovered');

    expect((await must(rig, 'revisions', { document: first.id })).map((it) => it.revision)).toEqual([3, 2, 1]);
    const back = await must(rig, 'restoreRevision', { document: first.id, revision: 1, by: 'Bo' });
    expect(back).toMatchObject({ revision: 4, savedBy: 'Bo' });
    expect(back.sections).toEqual(first.sections);
    rig.stop();
    const after = await start({ before: rig });
    expect(await must(after, 'document', { document: first.id })).toMatchObject({ revision: 4 });
  });

  it('is about something that is there', async () => {
    const rig = await start({ inventory });
    expect(await ask(rig, 'openDocument', { kind: 'post-mortem', incident: 'nope', window: null, options, by: 'Ada' })).toMatchObject({
      ok: false,
    });
    expect(await ask(rig, 'document', { document: 'nope' })).toMatchObject({ ok: false, failure: { code: 'no-such-document' } });
  });
});
