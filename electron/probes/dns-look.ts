/** Asks resolvers for the rules of mail: every question once a probe, a few at a time, its answer as text. */
import type packet from 'dns-packet';
import { dnsName, sameForm } from '../../shared/checks/dns-names.ts';
import type { Look, Looked, LookType } from '../../shared/mail/look.ts';
import { longestRecord } from '../../shared/mail/tags.ts';
import { clean } from '../../shared/text.ts';
import { ask } from './dns-ask.ts';
import type { Server } from './dns-exchange.ts';
import { dataOf, type Reply } from './dns-reply.ts';
import type { ProbeContext } from './types.ts';

/** A resolver that gets more at once may take us for an attacker. */
const atOnce = 8;
const mostValues = 50;
const mostAliases = 8;
/** All questions of one probe; whoever writes SPF records could have us ask for ever. */
const mostQuestions = 600;

/**
 * @param servers at least one
 * @param limitMs so long one question may take
 */
export function lookVia(servers: readonly Server[], limitMs: number, context: ProbeContext): Look {
  const known = new Map<string, Promise<Looked>>();
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn(work: () => Promise<Looked>): Promise<Looked> {
    if (running >= atOnce) await new Promise<void>((resolve) => void waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  }

  return (name, type) => {
    const key = `${type} ${sameForm(name)}`;
    const before = known.get(key);
    if (before) return before;
    if (!dnsName.safeParse(name).success)
      return Promise.resolve({ ok: true, values: [], exists: false, authenticated: false, alias: null } satisfies Looked);
    if (known.size >= mostQuestions) return Promise.resolve({ ok: false, detail: 'there was too much to ask' } satisfies Looked);
    const asked = inTurn(() => lookUp(name, type, servers, limitMs, context));
    known.set(key, asked);
    return asked;
  };
}

async function lookUp(name: string, type: LookType, servers: readonly Server[], limitMs: number, context: ProbeContext): Promise<Looked> {
  const question = { name, type };
  const { reply, failure, server } = await ask(question, servers, context, limitMs);
  if (!reply) return { ok: false, detail: failure?.detail ?? 'no answer' };
  if (reply.rcode === 'NOERROR' || reply.rcode === 'NXDOMAIN') return answerOf(reply, name, type);
  const refused = { ok: false as const, detail: clean(`${server.address} answers ${reply.rcode} to ${type} of ${name}`, 300) };
  if (reply.rcode !== 'SERVFAIL') return refused;
  // Answered only when nobody looks at the signatures: so it is them.
  const unchecked = await ask({ ...question, unchecked: true }, [server], context, limitMs);
  return unchecked.reply?.rcode === 'NOERROR'
    ? { ok: false, detail: clean(`${server.address} finds the signatures of ${name} wrong (SERVFAIL)`, 300), bogus: true }
    : refused;
}

function answerOf(reply: Reply, name: string, type: LookType): Looked {
  const all = reply.answers ?? [];
  const names = new Set([sameForm(name)]);
  let at = sameForm(name);
  for (let step = 0; step < mostAliases; step += 1) {
    const alias = all.find((it) => it.type === 'CNAME' && sameForm(it.name) === at);
    if (alias?.type !== 'CNAME') break;
    at = sameForm(alias.data);
    names.add(at);
  }
  const values = all.filter((it) => it.type === type && names.has(sameForm(it.name))).map(textOf);
  return {
    ok: true,
    values: [...new Set(values)].slice(0, mostValues).sort(),
    exists: reply.rcode === 'NOERROR',
    authenticated: reply.flag_ad,
    alias: names.size > 1 ? clean(at, 253) : null,
  };
}

/** Unlike `dataOf` this leaves texts as they came: two spaces mean something to those who compare. */
function textOf(it: packet.Answer): string {
  switch (it.type) {
    case 'TXT':
      return [it.data]
        .flat()
        .map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
        .join('')
        .slice(0, longestRecord + 1);
    case 'TLSA': {
      const { usage, selector, matchingType, certificate } = it.data;
      return `${usage} ${selector} ${matchingType} ${certificate.toString('hex')}`.slice(0, longestRecord);
    }
    case 'MX':
      return `${it.data.preference ?? 0} ${sameForm(it.data.exchange)}`;
    case 'PTR':
      return sameForm(it.data);
    default:
      return dataOf(it);
  }
}
