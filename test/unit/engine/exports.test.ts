/** The whole engine, and a document on its way out: made by the worker, in every format, of what the store holds. */
import { describe, expect, it } from 'vitest';
import { documentHandlers } from '../../../electron/engine/documents.ts';
import { createRedactor } from '../../../electron/engine/redact.ts';
import { formatFacts, formatsOf } from '../../../shared/documents/formats.ts';
import type { DocumentKind } from '../../../shared/model/document.ts';
import { fail, ok } from '../../../shared/result.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { ask, hostLine, inventoryHead, must, openAlerts, type Rig, rigsOfThisFile, untilSo } from '../../support/engine-rig.ts';
import { paperOf } from '../../support/papers.ts';
import { unzip } from '../../support/unzip.ts';

const start = rigsOfThisFile();
const inventory = `${inventoryHead}sites: [{ id: sd, name: San Diego }]\nhosts:\n${['web1', 'web2'].map((id) => hostLine(id, ', site: sd')).join('')}`;
const options = { zone: 'America/Los_Angeles', clock: '12h' } as const;

async function withIncident(): Promise<{ rig: Rig; incident: string }> {
  const rig = await start({ inventory });
  await rig.clock.advance(5 * MINUTE);
  rig.answers.set('web1', 'refused');
  await untilSo(rig, () => openAlerts(rig).length === 1);
  const alerts = openAlerts(rig).map((it) => it.id);
  const { id } = await must(rig, 'openIncident', {
    title: null,
    severity: 'major',
    lead: null,
    alerts,
    subjects: [],
    from: null,
    to: null,
    by: 'Ada',
  });
  return { rig, incident: id };
}
const openDocument = (rig: Rig, kind: DocumentKind, about: { incident?: string; window?: string }) =>
  must(rig, 'openDocument', { kind, incident: about.incident ?? null, window: about.window ?? null, options, by: 'Ada' });

describe('exportDocument', () => {
  it('makes every format that a kind has, of the text as it stands', async () => {
    const { rig, incident } = await withIncident();
    const first = await openDocument(rig, 'post-mortem', { incident });
    const sections = first.sections.map(({ key, title, text }) => ({
      key,
      title,
      text: key === 'summary' ? `Our own words. ${text}` : text,
    }));
    await must(rig, 'saveDocument', { document: first.id, revision: 1, by: 'Ada', title: 'What happened to web1', sections });
    for (const format of formatsOf('post-mortem')) {
      const made = await must(rig, 'exportDocument', { document: first.id, format });
      expect(made).toMatchObject({ format, mediaType: formatFacts[format].mediaType });
      expect(made.fileName).toMatch(/^\d{4}-\d\d-\d\d What happened to web1\.\w+$/);
      expect(made.fileName.endsWith(`.${formatFacts[format].ending}`)).toBe(true);
      expect((made.text === null) !== (made.base64 === null)).toBe(true);
      const words = made.text ?? unzip(Buffer.from(made.base64 ?? '', 'base64')).get('word/document.xml') ?? '';
      if (format === 'csv') expect(words).toMatch(/,Alert/);
      else expect(words).toContain('Our own words.');
      if (format === 'html' || format === 'pdf') expect(words).toMatch(/<svg .*role="img"/);
      if (format === 'json')
        expect(JSON.parse(words)).toMatchObject({ document: { revision: 2, incident }, facts: { affected: [{ id: 'web1' }] } });
    }
  });

  it('takes planned work into a calendar; postponed it is the same entry, newer', async () => {
    const rig = await start({ inventory });
    const from = rig.clock.now() + 24 * HOUR;
    const plan = {
      name: 'New disks',
      kind: 'fixed' as const,
      from,
      to: from + HOUR,
      durationMs: null,
      schedule: null,
      affects: ['web1'],
      spares: [],
      reason: '',
    };
    const { id: window } = await must(rig, 'planMaintenance', { id: null, plan, by: 'Ada' });
    const { id } = await openDocument(rig, 'maintenance-announcement', { window });
    const ics = async (): Promise<string> => (await must(rig, 'exportDocument', { document: id, format: 'ical' })).text ?? '';
    const before = await ics();
    await must(rig, 'changeMaintenance', {
      window,
      by: 'Ada',
      reason: 'late',
      change: { kind: 'postpone', from: from + 48 * HOUR, to: null },
    });
    const after = await ics();
    const line = (text: string, name: string): string | undefined => text.split('\r\n').find((it) => it.startsWith(`${name}:`));
    expect(line(after, 'UID')).toBe(line(before, 'UID'));
    expect([line(before, 'SEQUENCE'), line(after, 'SEQUENCE')]).toEqual(['SEQUENCE:0', 'SEQUENCE:1']);
    expect(line(after, 'DTSTART')).not.toBe(line(before, 'DTSTART'));
  });

  it('says in words what makes no sense, and what is gone', async () => {
    const { rig, incident } = await withIncident();
    const { id } = await openDocument(rig, 'customer-report', { incident });
    expect(await ask(rig, 'exportDocument', { document: id, format: 'ical' })).toMatchObject({
      ok: false,
      failure: { code: 'bad-format', text: expect.stringMatching(/Only planned work/) },
    });
    expect(await ask(rig, 'exportDocument', { document: id, format: 'csv' })).toMatchObject({
      failure: { text: expect.stringMatching(/Only the post-mortem/) },
    });
    expect(await ask(rig, 'exportDocument', { document: 'nope', format: 'html' })).toMatchObject({ failure: { code: 'no-such-document' } });
  });

  it('lets no secret out: neither to the worker, nor in what it answers', async () => {
    const secret = 'battery & staple';
    const paper = paperOf({ Summary: `It said ${secret}.` }, { title: `About ${secret}` });
    const given: unknown[] = [];
    const handlers = documentHandlers({
      clock: { now: () => 0 },
      store: { paper: () => paper },
      incidents: { get: () => null },
      planned: { windows: new Map() },
      plan: () => ({}),
      flush: () => {},
      isDrill: false,
      redact: createRedactor(() => [secret]),
      history: {
        async exportDocument(_plan: unknown, request: unknown) {
          given.push(request);
          return ok({ fileName: `${secret}.md`, format: 'markdown', mediaType: '', text: `facts: ${secret}`, base64: null });
        },
      },
    } as never);
    const made = await handlers.exportDocument({ document: paper.id, format: 'markdown' });
    expect(JSON.stringify([given, made])).not.toContain('staple');
    expect(made).toMatchObject({ ok: true, value: { fileName: '[secret].md', text: 'facts: [secret]' } });
  });

  it('leaves data whole where a secret is made of digits', async () => {
    const handlers = documentHandlers({
      clock: { now: () => 0 },
      store: { paper: () => paperOf({}) },
      incidents: { get: () => null },
      planned: { windows: new Map() },
      plan: () => ({}),
      flush: () => {},
      isDrill: false,
      redact: createRedactor(() => ['2026']),
      history: {
        exportDocument: async () =>
          ok({ fileName: 'x.json', format: 'json', mediaType: '', text: '{ "at": 120261, "text": "pin 2026" }', base64: null }),
      },
    } as never);
    const made = await handlers.exportDocument({ document: 'x', format: 'json' });
    expect(JSON.parse((made.ok && made.value.text) || '')).toEqual({ at: 120_261, text: 'pin [secret]' });
  });

  it('hands on why the worker could not', async () => {
    const failure = fail({ code: 'worker', text: 'The history could not be read (it took too long). Try again.' });
    const handlers = documentHandlers({
      clock: { now: () => 0 },
      store: { paper: () => paperOf({}) },
      incidents: { get: () => null },
      planned: { windows: new Map() },
      plan: () => ({}),
      flush: () => {},
      isDrill: false,
      redact: (text: string) => text,
      history: { exportDocument: async () => failure },
    } as never);
    expect(await handlers.exportDocument({ document: 'x', format: 'html' })).toEqual(failure);
  });
});
