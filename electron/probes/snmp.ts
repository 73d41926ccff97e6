/** Asks an SNMP agent for what the check is about. */
import type { SnmpConfig, SnmpFacts } from '../../shared/checks/snmp.ts';
import { ok } from '../../shared/result.ts';
import { type Address, resolveAddress } from './addresses.ts';
import { accountFor } from './login-guard.ts';
import { loginFor, type Reader, upTimeOid, withAgent } from './snmp-agent.ts';
import { readHost } from './snmp-host.ts';
import { readInterface } from './snmp-interface.ts';
import { measuredOf, numberOf, shownOf } from './snmp-value.ts';
import type { Probe } from './types.ts';

export const probeSnmp: Probe<SnmpConfig, SnmpFacts> = async (config, context) => {
  const begin = context.monotonic();
  const login = loginFor(config, context);
  if (!login.ok) return { failure: login.failure };
  const resolved = await resolveAddress(config.address, config.family === 'auto' ? 0 : config.family, context.signal);
  if (!resolved.ok) return { failure: resolved.failure };
  const [first] = resolved.value as [Address];
  const facts: SnmpFacts = { address: first.address };
  if (first.address !== config.address) {
    facts.lookupMs = Math.round(context.monotonic() - begin);
    context.note(`${config.address} is ${first.address}`);
  }
  if (context.signal.aborted) return { ...facts, failure: { code: 'timeout', detail: 'no time was left to ask' } };
  // Version 2c does not tell a wrong community from silence.
  const user = 'user' in login.value ? login.value.user : null;
  const account = user
    ? accountFor(`snmp ${user.name}@${first.address}:${config.port}`, user.name, {
        secret: () => JSON.stringify(user),
        monotonic: context.monotonic,
      })
    : null;
  if (account && !account.ok) {
    const { refusals, nextLoginMs, ...failure } = account.failure;
    return { ...facts, failure, ...(refusals !== undefined && { refusals }), ...(nextLoginMs !== undefined && { nextLoginMs }) };
  }
  const askedAt = context.monotonic();
  const found = await withAgent(config, context, first, login.value, (agent) => readers[config.kind](config, context, agent));
  if (!found.ok) {
    const refused = found.failure.code === 'login-refused';
    return { ...facts, failure: found.failure, ...(refused && account && { refusals: account.value.refused() }) };
  }
  account?.value.accepted();
  return { ...facts, ms: Math.round((context.monotonic() - askedAt) * 1_000) / 1_000, ...found.value };
};

const readValue: Reader = async (config, context, agent) => {
  const oid = (config.oid ?? '').replace(/^\./, '');
  const answer = await agent.get([oid, upTimeOid]);
  if (!answer.ok) return answer;
  const [value, upTime] = answer.value;
  const raw = measuredOf(value);
  const text = raw === undefined ? shownOf(value) : undefined;
  context.note(raw === undefined ? `${oid} holds ${text === undefined ? 'nothing' : 'no number'}` : `${oid} is ${raw}`);
  const ticks = numberOf(upTime);
  return ok({
    ...(ticks !== undefined && { agentUpSeconds: Math.floor(ticks / 100) }),
    value: { ...(raw !== undefined && { number: raw * config.scale }), ...(text !== undefined && { text }) },
  });
};

const readers: Record<SnmpConfig['kind'], Reader> = { interface: readInterface, value: readValue, host: readHost };
