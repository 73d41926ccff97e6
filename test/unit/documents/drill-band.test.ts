/** Everything that leaves a drill says so: on top, and in the name of its file. What does not come from one says nothing of it. */
import { describe, expect, it } from 'vitest';
import { prepare, write } from '../../../electron/documents/export.ts';
import { layOut } from '../../../electron/documents/paper.ts';
import { paperToDocx } from '../../../electron/documents/to-docx.ts';
import { play } from '../../../electron/drill/player.ts';
import type { InputStore } from '../../../electron/store/gather-input.ts';
import { makeDraft } from '../../../electron/store/make-draft.ts';
import { makeUptime } from '../../../electron/store/make-uptime.ts';
import { exportedJsonSchema } from '../../../shared/documents/exported-json.ts';
import { formatsOf } from '../../../shared/documents/formats.ts';
import type { DocumentFormat, NightDocument } from '../../../shared/model/document.ts';
import { HOUR } from '../../../shared/time.ts';
import { nightAt, readNight } from '../../support/drill-bay.ts';
import { paperOf } from '../../support/papers.ts';
import { unzip } from '../../support/unzip.ts';

const band = 'DRILL. This was an exercise; nothing of it happened.';
const read = await readNight(
  '  - { at: "03:20", break: { host: web1 } }\n  - { at: "03:50", restore: { host: web1 } }',
  '[{ at: "03:05", maintenance: { name: New disks, from: "04:10", to: "04:30", affects: [db1] } }]',
);
const result = await play(read);
if (!result.ok) throw new Error(result.failure.code);
const { store, plan, incidents, now } = result.value;
const readers = { store: store as InputStore, charts: null };
const [incident = null] = incidents;
const [window = null] = store.windows();

const exported = async (format: DocumentFormat, drill: boolean) => {
  const isWork = format === 'ical';
  const about = isWork ? { incident: null, window } : { incident, window: null };
  const document: NightDocument = paperOf({ Summary: 'It was down.' }, { kind: isWork ? 'maintenance-announcement' : 'post-mortem' });
  const made = await write(prepare(readers, plan, { ...about, document, format, drill }, now), format);
  if (!made.ok) throw new Error(made.failure.text);
  return made.value;
};
const formats: DocumentFormat[] = [...formatsOf('post-mortem'), 'ical'];

describe('documents', () => {
  it.each(formats)('%s says so in the name of its file; without a drill it does not', async (format) => {
    const [drill, real] = [await exported(format, true), await exported(format, false)];
    expect(drill.fileName).toBe(`DRILL ${real.fileName}`);
    expect(real.fileName).toMatch(/^2026-06-16 /);
    expect((real.text ?? '').replace(/<style>[\s\S]*<\/style>/, '')).not.toMatch(/drill/i);
    expect(drill.mediaType).toBe(real.mediaType);
  });
  const top = async (format: DocumentFormat): Promise<string> => (await exported(format, true)).text ?? '';

  it('as text and Markdown say it in their first line', async () => {
    expect((await top('text')).split('\n')[0]).toBe(band);
    expect((await top('markdown')).split('\n')[0]).toBe(`**${band}**`);
  });
  it.each(['html', 'pdf'] as const)(
    'as %s says it first, and in the title, which stands at the foot of each printed page',
    async (format) => {
      const html = await top(format);
      expect(html).toContain(`<body>\n<p class="drill">${band}</p>\n<header>`);
      expect(html).toContain('<title>DRILL: Web sites were down</title>');
    },
  );
  it('as DOCX says it first, on top of every page, and in its title', async () => {
    const parts = unzip(await paperToDocx(layOut(paperOf({ Summary: 'It was down.' }), [], true)));
    const words = (xml = ''): string => [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)</g)].map((found) => found[1]).join('');
    expect(words(parts.get('word/document.xml'))).toMatch(/^DRILL\. This was an exercise; nothing of it happened\.Web sites were down/);
    expect([...parts].filter(([name]) => /header\d*\.xml$/.test(name)).map(([, xml]) => words(xml))).toEqual([band]);
    expect(parts.get('docProps/core.xml')).toContain('<dc:title>DRILL: Web sites were down</dc:title>');
  });
  it('as JSON carry it as data', async () => {
    const json = exportedJsonSchema.parse(JSON.parse(await top('json')));
    expect(json.drill).toBe(true);
    expect(JSON.parse((await exported('json', false)).text ?? '')).not.toHaveProperty('drill');
  });
  it('as a table say it in every line', async () => {
    const [head = '', ...lines] = (await top('csv')).replace('\ufeff', '').trimEnd().split('\r\n');
    expect(head.startsWith(`"${band}",Time (UTC),`)).toBe(true);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.every((line) => line.startsWith('DRILL,'))).toBe(true);
  });
  it('for calendars say it in the name and the text, and take the place of no real event', async () => {
    const [drill, real] = [await top('ical'), (await exported('ical', false)).text ?? ''];
    const unfolded = drill.replaceAll('\r\n ', '');
    expect(unfolded).toContain('SUMMARY:DRILL: Web sites were down');
    expect(unfolded).toContain('DESCRIPTION:DRILL. This was an exercise\\; nothing of it happened.\\n\\n');
    const uid = /^UID:(.*)$/m;
    expect(uid.exec(drill)?.[1]).toBe(`drill-${uid.exec(real)?.[1]}`);
  });
});

describe('what else is written', () => {
  it('the older draft says it in both its forms', () => {
    const made = (drill: boolean) => {
      const reply = makeDraft(
        store,
        plan,
        { alerts: null, from: nightAt('03:00'), to: nightAt('04:00'), title: null, zone: 'UTC', drill },
        now,
      );
      if (!reply.ok) throw new Error(reply.failure.text);
      return reply.value;
    };
    const [drill, real] = [made(true), made(false)];
    expect(drill.fileName).toBe(`DRILL ${real.fileName}`);
    expect(drill.markdown).toBe(`**${band}**\n\n${real.markdown}`);
    expect(drill.html).toContain(`<body>\n<p class="drill">${band}</p>\n`);
    expect(drill.html).toContain('<title>DRILL: ');
    expect(`${real.markdown}${real.html.replace(/<style>[\s\S]*<\/style>/, '')}`).not.toMatch(/drill/i);
    // What is scored is the draft itself.
    expect(drill.draft).toEqual(real.draft);
  });
  it('the table of uptime says it in every line', () => {
    const made = (drill: boolean) => {
      const reply = makeUptime(store, plan, { from: now - 2 * HOUR, to: now, subjects: null, zone: 'UTC', drill }, now);
      if (!reply.ok) throw new Error(reply.failure.text);
      return reply.value;
    };
    const [drill, real] = [made(true), made(false)];
    expect(drill.fileName).toBe(`DRILL ${real.fileName}`);
    const [head = '', ...lines] = drill.csv.replace('\ufeff', '').trimEnd().split('\r\n');
    expect(head.startsWith(`"${band}",from,to,`)).toBe(true);
    expect(lines.every((line) => line.startsWith('DRILL,'))).toBe(true);
    expect(real.csv).not.toMatch(/drill/i);
  });
  it('whatever is asked of the engine of a drill says it', async () => {
    const { handlers } = result.value.engine;
    const by = 'anna';
    const options = { zone: 'UTC', clock: '24h' as const };
    const paper = await handlers.openDocument({ kind: 'post-mortem', incident: incident?.id ?? null, window: null, options, by });
    if (!paper.ok) throw new Error(paper.failure.text);
    const replies = await Promise.all([
      handlers.exportDocument({ document: paper.value.id, format: 'text' }),
      handlers.draft({ alerts: null, from: nightAt('03:00'), to: nightAt('04:00'), title: null, zone: 'UTC' }),
      handlers.uptime({ from: now - HOUR, to: now, subjects: null, zone: 'UTC' }),
    ]);
    expect(replies.map((it) => (it.ok && it.value.fileName.startsWith('DRILL 2026-06-16')) || (it.ok && it.value.fileName))).toEqual([
      true,
      true,
      'DRILL uptime 2026-06-16.csv',
    ]);
  });
});
