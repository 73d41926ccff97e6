/** Asks a looking glass how the world sees a prefix. */
import { readUrl, type WebUrl } from '../../shared/checks/http-settings.ts';
import type { VisibilityConfig, VisibilityFacts } from '../../shared/checks/visibility.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { humanDuration, MINUTE } from '../../shared/time.ts';
import { getOnce, placeOf } from './http-get.ts';
import { readRouting, readValidation } from './ripestat.ts';
import type { Probe, ProbeContext } from './types.ts';

const limits = { readBytes: 524_288, keepBytes: 524_288 };
/** Origins whose validation is asked for. */
const mostValidated = 4;
const mostRedirects = 2;
const redirectCodes: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** After a failure it is left in peace for so long. */
const afterFailureMs = 5 * MINUTE;

/** What is kept between two probes; epoch ms. */
interface Memory {
  facts: VisibilityFacts;
  triedAt: number;
  askAgainAt: number;
}

export const probeVisibility: Probe<VisibilityConfig, VisibilityFacts> = async (config, context) => {
  const now = context.now();
  const empty: Memory = { facts: {}, triedAt: 0, askAgainAt: 0 };
  const before = context.remember(empty) ?? empty;
  context.remember(before);
  // A clock that was set back must not silence the check.
  if (now < before.askAgainAt && now >= before.triedAt) {
    context.note(`asked ${humanDuration(now - before.triedAt)} ago; the next time is in ${humanDuration(before.askAgainAt - now)}`);
    return before.facts;
  }
  const facts = await askGlass(config, context);
  const pause = facts.failure || facts.rpkiFailure ? Math.min(afterFailureMs, config.refresh) : config.refresh;
  context.remember<Memory>({ facts, triedAt: now, askAgainAt: now + pause });
  return facts;
};

async function askGlass(config: VisibilityConfig, context: ProbeContext): Promise<VisibilityFacts> {
  const begin = context.monotonic();
  const { prefix } = config;
  const text = await get('routing-status', { resource: prefix }, config, context);
  if (!text.ok) return { failure: text.failure };
  const read = readRouting(text.value.text, prefix);
  if (!read.ok) return { failure: { code: 'protocol', detail: clean(`${text.value.where} ${read.failure}`, 400) } };
  const facts: VisibilityFacts = { ...read.value, from: clean(text.value.where, 260), ms: Math.round(context.monotonic() - begin) };
  context.note(
    `seen by ${facts.seeing ?? '?'} of ${facts.observers ?? '?'}, announced by ${facts.origins?.join(', ') ?? 'nobody knows whom'}`,
  );
  if (config.rpki === 'off') return facts;

  facts.rpki = [];
  // Who announces it, or who ought to where nobody is seen doing so.
  const asked = (facts.origins?.length ? facts.origins : config.origins).slice(0, mostValidated);
  for (const origin of asked) {
    const said = await get('rpki-validation', { resource: String(origin), prefix }, config, context);
    const state = said.ok ? readValidation(said.value.text, prefix) : said;
    if (state.ok) {
      context.note(`RPKI of AS${origin}: ${state.value.said}`);
      facts.rpki.push({ origin, ...state.value });
      continue;
    }
    facts.rpkiFailure = said.ok
      ? { code: 'protocol', detail: clean(`${said.value.where} ${typeof state.failure === 'string' ? state.failure : ''}`, 400) }
      : said.failure;
    break;
  }
  return { ...facts, ms: Math.round(context.monotonic() - begin) };
}

/** One data call, redirects within the same host followed. */
async function get(
  call: string,
  query: Record<string, string>,
  config: VisibilityConfig,
  context: ProbeContext,
): Promise<Result<{ text: string; where: string }, Failure>> {
  const refuse = (code: Failure['code'], detail: string) => fail({ code, detail: clean(detail, 400) });
  const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  let url = readUrl(`${config.url.replace(/\/+$/, '')}/${call}/data.json?${search.join('&')}`);
  const first = url;
  for (let redirects = 0; ; redirects += 1) {
    if (!url || !first) return refuse('protocol', 'the looking glass sends us to something that is no place to follow');
    const where = placeOf(url);
    const answer = await ask(url, config, context);
    if (!answer.ok) return answer;
    const { status = 0, headers = {} } = answer.value;
    context.note(`${where} answers ${status}, ${answer.value.bytes} bytes`);
    if (redirectCodes.has(status) && headers.location !== undefined) {
      if (redirects === mostRedirects) return refuse('protocol', `${where} sends us on and on`);
      url = readUrl(headers.location, url.href);
      if (url && url.origin !== first.origin) return refuse('protocol', `${where} sends us to another place, ${clean(url.origin, 200)}`);
      continue;
    }
    if (status === 429 || status === 403)
      return refuse('permission', `${where} turns us away (${status}): it was asked too often, or not by the right people`);
    if (answer.value.failure) return fail(answer.value.failure);
    if (answer.value.cut) return refuse('too-large', `${where} answered with more than 512 KB`);
    const text = answer.value.kept.toString('utf8');
    // Its reason for a refusal stands in the same format.
    if (status !== 200 && status !== 400) return refuse('protocol', `${where} answers ${status}`);
    return ok({ text, where });
  }
}

function ask(url: WebUrl, config: VisibilityConfig, context: ProbeContext) {
  context.note(`asking ${clean(`${url.origin}${url.pathname}${url.search}`, 300)}`);
  const headers = ['Accept', 'application/json', 'Accept-Encoding', 'identity'];
  return getOnce({ url, caFile: config.caFile, headers, limitsFor: () => limits }, context);
}
