/** Writes documents to files in all formats that are wanted: for the command line, and for drills. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { drillFileName } from '../../shared/documents/drill-band.ts';
import { formatFacts, formatsOf } from '../../shared/documents/formats.ts';
import type { DocumentFormat, NightDocument } from '../../shared/model/document.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { redactAll, redactExport } from '../engine/redact.ts';
import type { About } from '../store/make-document.ts';
import { type ExportReaders, prepare, write } from './export.ts';
import type { PrintPages } from './print-headless.ts';
import { writeWhole } from './write-file.ts';

/** A document, what it is about, and how its files are called: a path below the folder, without an ending. */
export interface Writable extends About {
  document: NightDocument;
  name: string;
}

export interface WrittenDocuments {
  /** In the order in which they were written. */
  files: string[];
  /** What could not be made, in words. */
  left: { file: string; format: DocumentFormat; why: string }[];
}

/** `exists`: nothing was written. `not-written`: the files before it were. */
interface Refusal {
  code: 'exists' | 'not-written';
  text: string;
}

/**
 * Writes each document in each of the formats that make sense for its kind.
 * @param options.print how PDF is printed; null = it is left out, and said so
 * @param options.overwrite what is there may go; else one file that is there keeps everything from being written
 * @param options.now epoch ms, of the store's own time
 */
export async function writeDocuments(options: {
  readers: ExportReaders;
  plan: Plan;
  documents: readonly Writable[];
  formats: readonly DocumentFormat[];
  folder: string;
  overwrite: boolean;
  now: number;
  redact: (text: string) => string;
  print: PrintPages | null;
  /** They tell of a drill: each says so, in the name of its file too. */
  drill?: boolean;
}): Promise<Result<WrittenDocuments, Refusal>> {
  const { readers, plan, now, overwrite, redact, drill = false } = options;
  const wanted = plannedFiles(options);
  const there = overwrite ? [] : wanted.filter((it) => existsSync(it.file));
  const [first, ...others] = there;
  if (first) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    return fail({ code: 'exists', text: `${first.file} is there already${more}. Nothing was written.` });
  }
  const done: WrittenDocuments = { files: [], left: [] };
  const pages: { file: string; html: string }[] = [];
  const put = async (file: string, content: string | Uint8Array): Promise<Refusal | null> => {
    const made = await mkdir(dirname(file), { recursive: true }).catch((error: NodeJS.ErrnoException) => ({
      code: error.code ?? 'unknown',
    }));
    if (typeof made === 'object') return { code: 'not-written', text: `nothing can be written to ${dirname(file)} (${made.code})` };
    const written = await writeWhole(file, content, overwrite);
    if (!written.ok) return { code: written.failure.code, text: `${file} was not written: ${written.failure.reason}` };
    done.files.push(file);
    return null;
  };
  for (const { document, about, format, file } of wanted) {
    const made = await write(prepare(readers, plan, { ...about, document: redactAll(document, redact), format, drill }, now), format);
    if (!made.ok) {
      done.left.push({ file, format, why: made.failure.text });
      continue;
    }
    const { text, base64 } = made.value;
    const content = text === null ? Buffer.from(base64 ?? '', 'base64') : redactExport(text, format, redact);
    if (format === 'pdf') pages.push({ file, html: String(content) });
    else {
      const failure = await put(file, content);
      if (failure) return fail(failure);
    }
  }
  if (pages.length === 0) return ok(done);
  // All at once: starting the program that prints takes longer than printing.
  const printed = options.print ? await options.print(pages.map((it) => it.html)) : fail('nothing here prints');
  if (!printed.ok) {
    done.left.push(...pages.map(({ file }) => ({ file, format: 'pdf' as const, why: printed.failure })));
    return ok(done);
  }
  for (const [index, { file }] of pages.entries()) {
    const failure = await put(file, printed.value[index] ?? new Uint8Array());
    if (failure) return fail(failure);
  }
  return ok(done);
}

function plannedFiles({
  documents,
  formats,
  folder,
  redact,
  drill = false,
}: {
  documents: readonly Writable[];
  formats: readonly DocumentFormat[];
  folder: string;
  redact: (text: string) => string;
  drill?: boolean;
}) {
  const taken = new Set<string>();
  return documents.flatMap(({ document, name, ...about }) => {
    // Two things that happened on one day may be called the same; some disks do not tell large letters from small.
    const wanted = clean(redact(name), 400);
    const plain = drill ? join(dirname(wanted), drillFileName(basename(wanted))) : wanted;
    let own = plain;
    for (let n = 2; taken.has(own.toLowerCase()); n += 1) own = `${plain} ${n}`;
    taken.add(own.toLowerCase());
    return formatsOf(document.kind)
      .filter((format) => formats.includes(format))
      .map((format) => ({ document, about, format, file: join(folder, `${own}.${formatFacts[format].ending}`) }));
  });
}
