/** A mail queue from a URL: the list itself, the metrics of an exporter, or a few numbers as JSON. */
import type { IncomingMessage } from 'node:http';
import { readUrl } from '../../shared/checks/http-settings.ts';
import type { QueueConfig, QueueFacts } from '../../shared/checks/queue-facts.ts';
import { humanDuration } from '../../shared/time.ts';
import { getOnce, placeOf } from './http-get.ts';
import { loginFor } from './http-login.ts';
import { broken, type Look, linesInto, mostBytes, setClock, tooLong } from './queue-look.ts';
import { createMetrics, readSummary } from './queue-metrics.ts';
import type { Tally } from './queue-tally.ts';
import type { ProbeContext } from './types.ts';

/** Kept aside of an answer, as it may be no list. */
const keptBytes = 65_536;
const refused: ReadonlySet<number> = new Set([401, 403]);

export async function overHttp(config: QueueConfig, tally: Tally, ctx: ProbeContext): Promise<Look> {
  let offset = 0;
  const list = (facts: QueueFacts): Look => ({ facts, offset });
  const noList = (facts: QueueFacts): Look => ({ facts, offset, noList: true });
  const url = readUrl(config.url ?? '');
  if (!url) return noList(broken('internal', 'the check names no url'));
  const login = loginFor(config, ctx);
  if (!login.ok) return noList({ failure: login.failure });
  const where = placeOf(url);
  const metrics = createMetrics(config.metric, config);
  const lines = linesInto(tally, (line) => metrics.line(line));
  const headers = ['Accept', '*/*', 'Accept-Encoding', 'gzip'];
  if (login.value.authorization !== null) headers.push('Authorization', login.value.authorization);
  const limitsFor = (head: IncomingMessage) => {
    const date = Date.parse(head.headers.date ?? '');
    if (Number.isFinite(date)) offset = setClock(tally, date, ctx);
    return { readBytes: mostBytes, keepBytes: keptBytes, hear: (piece: Buffer) => lines.hear(piece) };
  };
  const answer = await getOnce({ url, caFile: config.caFile, headers, limitsFor }, ctx);
  if (!answer.ok) return noList({ failure: answer.failure });
  lines.end();
  const { status = 0, failure, cut, kept, bytes, headers: said = {} } = answer.value;
  ctx.note(`${where} answers ${status}, ${bytes} bytes`);
  if (status !== 200) return noList(broken(refused.has(status) ? 'permission' : 'protocol', `${where} answers ${status}`));
  const age = ctx.now() - offset - Date.parse(said['last-modified'] ?? '');
  if (age > config.maxAge) return noList(broken('protocol', `the list at ${where} is old: it was last changed ${humanDuration(age)} ago`));
  if (failure) return list({ failure });
  if (cut) return list(tooLong);
  if (tally.seen() > 0) return list({});

  const text = kept.toString('utf8').trim();
  const summary = readSummary(text, config, ctx.now());
  if (summary) return noList(summary);
  const measured = metrics.facts(ctx.now());
  if (measured?.failed) return noList(broken('server-error', `the exporter at ${where} cannot see the queue (postfix_up is 0)`));
  if (measured) return noList(measured.facts);
  // The list of an empty queue is empty; so is the page of a broken script.
  if (text === '' && /json/i.test(said['content-type'] ?? '')) return list({});
  const what = text === '' ? 'an empty page that is not marked as JSON' : 'neither a list of "postqueue -j" nor numbers of a mail queue';
  return noList(broken('protocol', `${where} answers with ${what}`));
}
