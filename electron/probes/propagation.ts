/** Asks many resolvers for one record, all at the same time. */
import { sameForm } from '../../shared/checks/dns-names.ts';
import { mismatchOf, mismatchText } from '../../shared/checks/dns-records.ts';
import type { PropagationConfig, PropagationFacts, ResolverFacts } from '../../shared/checks/propagation.ts';
import { ask } from './dns-ask.ts';
import { dataOf, type Reply, ttlOf } from './dns-reply.ts';
import { resolversOf } from './dns-servers.ts';
import type { Probe } from './types.ts';

const mostValues = 5;

export const probePropagation: Probe<PropagationConfig, PropagationFacts> = async (config, context) => {
  const question = { name: config.query, type: config.record };
  const resolvers = await Promise.all(
    config.resolvers.map(async (name): Promise<ResolverFacts> => {
      const { reply, failure, ms } = await ask(question, resolversOf(name), context);
      if (!reply) return { name, outcome: 'failed', failure };
      // A resolver that cannot find out, or does not answer us, tells nothing of what others get from it.
      if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN') return { name, outcome: 'failed', rcode: reply.rcode, ms };
      const values = (reply.answers ?? []).filter((it) => it.type === config.record).map((it) => dataOf(it, 5_000));
      const seen = values.length > 0 && mismatchText(mismatchOf(config, values, config.record)) === null;
      return {
        name,
        outcome: seen ? 'seen' : 'old',
        values: values.slice(0, mostValues).map((it) => it.slice(0, 120)),
        ttl: ttlLeft(reply, config.query),
        rcode: reply.rcode,
        ms,
      };
    }),
  );
  return { resolvers };
};

/**
 * How long the resolver will keep its answer, seconds: until the first of the records in it runs out. That there is nothing is kept as
 * long as the SOA record beside it says (RFC 2308, section 5).
 */
function ttlLeft(reply: Reply, query: string): number | undefined {
  const { answers = [], authorities = [] } = reply;
  if (answers.some((it) => sameForm(it.name) === sameForm(query))) return Math.min(...answers.map(ttlOf));
  const soa = authorities.find((it) => it.type === 'SOA');
  return soa ? Math.min(ttlOf(soa), soa.data.minimum ?? 0) : undefined;
}
