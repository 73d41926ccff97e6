/** `nightdesk draft`: documents about an incident, planned work or a stretch of time, from the data folder of a desk that may be running. */
import { join } from 'node:path';
import { beginDocument } from '../../shared/documents/document.ts';
import { formatsOf, refusalOf } from '../../shared/documents/formats.ts';
import { documentTitles } from '../../shared/incident/drafts/index.ts';
import { draftFileName } from '../../shared/incident/file-name.ts';
import { mergeWindows } from '../../shared/maintenance/merge.ts';
import {
  type DocumentFormat,
  type DocumentKind,
  type DocumentOptions,
  documentFormats,
  documentKinds,
  type NightDocument,
} from '../../shared/model/document.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { printHeadless } from '../documents/print-headless.ts';
import { type Writable, writeDocuments } from '../documents/write-documents.ts';
import { type About, makeDocument, storyOf } from '../store/make-document.ts';
import type { StoreReader } from '../store/store.ts';
import { momentOf, refuse, withHistory } from './cli-history.ts';
import { systemClock } from './clock.ts';
import { createRedactor } from './redact.ts';
import { openSecrets } from './secrets.ts';

/** As they stand on the command line; null = not given. */
export interface DraftOptions {
  data: string;
  out: string;
  incident: string | null;
  window: string | null;
  from: string | null;
  to: string | null;
  kind: string | null;
  format: string | null;
  zone: string | null;
  clock: string | null;
  /** What is there may go. */
  force: boolean;
  /** Drafts anew also where people have written a document already. */
  fresh: boolean;
}

const ofWork: ReadonlySet<DocumentKind> = new Set(['maintenance-announcement', 'maintenance-postponement']);

/** @returns the exit code: 0 written, 2 with a sentence on standard error, 3 written but for some that cannot be made here */
export function runDraft(options: DraftOptions): Promise<number> {
  return withHistory(options.data, options.zone, async ({ store, charts }, plan, zone) => {
    const now = systemClock.now();
    const about = aboutOf(store, plan, options, zone, now);
    if (!about.ok) return refuse(about.failure);
    const clock = options.clock ?? '24h';
    if (clock !== '24h' && clock !== '12h') return refuse(`--clock: expected 24h or 12h, not "${clean(clock, 40)}"`);
    const { window } = about.value;
    const kinds = listed('--kind', options.kind, documentKinds, [window ? 'maintenance-announcement' : 'post-mortem']);
    if (!kinds.ok) return refuse(kinds.failure);
    const formats = listed('--format', options.format, documentFormats, ['markdown', 'html']);
    if (!formats.ok) return refuse(formats.failure);
    const fitting = kinds.value.chosen.filter((kind) => ofWork.has(kind) === (window !== null));
    const strange = kinds.value.chosen.find((kind) => !fitting.includes(kind));
    if (strange && !kinds.value.all)
      return refuse(
        `--kind: ${strange} is about ${window ? 'an incident' : 'planned work'}; name ${window ? 'one with --incident ID' : 'it with --window ID'}`,
      );
    const refusal = refusedPair(fitting, formats.value);
    if (refusal && !kinds.value.all) return refuse(`--format: ${refusal}`);

    const documents: Writable[] = [];
    for (const kind of fitting) {
      const made = documentsOf(store, plan, about.value, { kind, options: { zone, clock }, fresh: options.fresh, now });
      if (!made.ok) return refuse(made.failure);
      // Asked for all, what rests on nothing that was seen or written is left out: a claim where nothing was promised.
      const empty = made.value.length === 0 || (kinds.value.all && made.value.every((it) => it.revision === 1 && it.evidence.length === 0));
      if (empty) process.stderr.write(`${kind}: left out, as nothing of this belongs into one\n`);
      else documents.push(...made.value.map((document) => ({ ...about.value, document, name: nameOf(store, about.value, document, now) })));
    }
    const secrets = openSecrets(options.data, process.env);
    if (!secrets.ok) return refuse(secrets.failure);
    const written = await writeDocuments({
      readers: { store, charts },
      plan,
      documents,
      formats: formats.value.chosen,
      folder: options.out,
      overwrite: options.force,
      now,
      redact: createRedactor(secrets.value.values),
      print: printHeadless(process.env.NIGHTDESK_ELECTRON || null, join(import.meta.dirname, 'print.js')),
    });
    if (!written.ok)
      return refuse(
        written.failure.code === 'exists' ? `${written.failure.text} Say --force to overwrite.` : `--out: ${written.failure.text}`,
      );
    for (const file of written.value.files) process.stdout.write(`${file}\n`);
    for (const { file, why } of written.value.left) process.stderr.write(`nightdesk: ${file} was not written: ${why}\n`);
    return written.value.left.length === 0 ? 0 : 3;
  });
}

/** Exactly one thing. @returns what it is about, or the sentence that says what was expected */
function aboutOf(store: StoreReader, plan: Plan, options: DraftOptions, zone: string, now: number): Result<About, string> {
  const { incident, window, from, to } = options;
  if (incident !== null) {
    const found = store.incident(incident);
    if (!found)
      return fail(`--incident: there is no incident "${clean(incident, 60)}"; list them with: nightdesk incidents --data ${options.data}`);
    if (found.mergedInto !== null) return fail(`--incident: it went on as part of ${found.mergedInto}; name that one`);
    return ok({ incident: found, window: null });
  }
  if (window !== null) {
    const all = mergeWindows(plan.maintenance, store.windows());
    const found = all.find((it) => it.id === window);
    const known = all.slice(-5).map((it) => `${clean(it.id, 60)} (${clean(it.name, 60)})`);
    return found
      ? ok({ incident: null, window: found })
      : fail(`--window: there is no planned work "${clean(window, 60)}"${known.length > 0 ? `; there is ${known.join(', ')}` : ''}`);
  }
  const begin = momentOf('--from', from ?? '', zone);
  const end = momentOf('--to', to ?? '', zone);
  if (typeof begin === 'string') return fail(begin);
  if (typeof end === 'string') return fail(end);
  if (end <= begin) return fail('The end of the stretch must come after its beginning.');
  if (begin >= now) return fail('The stretch has not begun yet.');
  return ok({ incident: null, window: null, range: { from: begin, to: Math.min(end, now) } });
}

/** "a,b" or "all", or nothing. */
function listed<T extends string>(
  option: string,
  text: string | null,
  known: readonly T[],
  usual: T[],
): Result<{ chosen: T[]; all: boolean }, string> {
  if (text === null) return ok({ chosen: usual, all: false });
  const names = text.split(',').map((it) => it.trim());
  if (names.includes('all')) return ok({ chosen: [...known], all: true });
  const strange = names.find((it) => !known.includes(it as T));
  if (strange !== undefined) return fail(`${option}: expected all, or some of ${known.join(',')}; not "${clean(strange, 60)}"`);
  return ok({ chosen: known.filter((it) => names.includes(it)), all: false });
}

/** A format that was asked for by name, and that none of the kinds comes in. */
function refusedPair(kinds: readonly DocumentKind[], formats: { chosen: readonly DocumentFormat[]; all: boolean }): string | null {
  const [kind] = kinds;
  const none = formats.chosen.find((format) => !kinds.some((it) => formatsOf(it).includes(format)));
  return none && kind && !formats.all ? refusalOf(kind, none) : null;
}

/** What people wrote, the newest state of each; where there is none (or a fresh one is asked for), a draft. */
function documentsOf(
  store: StoreReader,
  plan: Plan,
  about: About,
  wanted: { kind: DocumentKind; options: DocumentOptions; fresh: boolean; now: number },
): Result<NightDocument[], string> {
  const { incident, window } = about;
  const { kind, options, now } = wanted;
  const key = incident ? { incident: incident.id } : window ? { window: window.id } : null;
  const kept = key && !wanted.fresh ? store.papers(key).filter((it) => it.kind === kind) : [];
  if (kept.length > 0) return ok(kept);
  const made = makeDocument(store, plan, { ...about, kind, options }, now);
  if (!made.ok) return fail(made.failure.text);
  const ids = { id: '', kind, incident: incident?.id ?? null, window: window?.id ?? null, options };
  return ok([beginDocument(made.value, ids, { by: 'Nightdesk', now })]);
}

/** The post-mortem is called after what happened; the others say what they are as well. */
function nameOf(store: StoreReader, about: About, { kind, title, options }: NightDocument, now: number): string {
  const from = about.window?.from ?? storyOf(store, about, now).from;
  const name = draftFileName({ title: about.incident?.title ?? about.window?.name ?? title, from, zone: options.zone });
  const which = [options.provider, options.update]
    .filter((it) => it !== undefined)
    .map((it) => clean(it, 40).replace(/[^\p{L}\p{N} ._-]/gu, ' '));
  return kind === 'post-mortem' ? name : [name, documentTitles[kind].toLowerCase(), ...which].join(' - ');
}
