/** Connects to an SSH server, reads its banner, exchanges keys, and looks at its host key. Nobody logs in. */
import type { SshConfig, SshFacts } from '../../shared/checks/ssh.ts';
import { mostBanner, readSshBanner } from './ssh-banner.ts';
import { type Family, families, familyOfType, keepKind, kindsFor, proveHostKey } from './ssh-key.ts';
import { dial, familyOf, type Progress } from './tls-dial.ts';
import type { Probe, ProbeContext } from './types.ts';
import { hear, since } from './wire.ts';

export const probeSsh: Probe<SshConfig, SshFacts> = async (config, ctx) => {
  const pins = config.fingerprint;
  const facts = await look(config, kindsFor(config), ctx);
  if (facts.fingerprint === undefined || facts.failure || pins.length === 0) return facts;
  facts.pinned = pins.includes(facts.fingerprint);
  if (facts.pinned) return facts;
  // A server has a key of each kind and shows one: the pinned one may be of another.
  const shown = familyOfType(facts.keyType ?? '');
  for (const kind of families.filter((it) => it !== shown)) {
    if (ctx.signal.aborted) break;
    ctx.note(`the key shown is not pinned; asking for its ${kind} key`);
    const other = await look(config, [kind], ctx);
    if (other.fingerprint === undefined || other.failure || !pins.includes(other.fingerprint)) continue;
    keepKind(config, kind);
    return { ...other, pinned: true };
  }
  return facts;
};

/** One connection. */
async function look(config: SshConfig, kinds: readonly Family[], ctx: ProbeContext): Promise<SshFacts> {
  const progress: Progress = { phase: 'dns' };
  const place = { host: config.address, port: config.port };
  const dialled = await dial({ ...place, family: familyOf(config.family) }, progress, ctx);
  const facts: SshFacts = { address: progress.address, dnsMs: progress.dnsMs, connectMs: progress.connectMs };
  if (!dialled.ok) return { ...facts, failure: dialled.failure };
  ctx.note(`connected to ${facts.address} port ${config.port}`);

  const connectedAt = ctx.monotonic();
  const greeting = await hear(dialled.value, readSshBanner, mostBanner, { ...place, what: 'an SSH greeting' }, ctx.signal);
  if (!greeting.ok) {
    ctx.note(greeting.failure.detail);
    return { ...facts, failure: greeting.failure };
  }
  const { banner, protocol, software, before } = greeting.value;
  Object.assign(facts, { bannerMs: since(connectedAt, ctx), banner, protocol, software }, before.length > 0 ? { before } : {});
  ctx.note(`says ${banner}`);

  const greetedAt = ctx.monotonic();
  const proven = await proveHostKey(dialled.value, place, kinds, ctx.signal);
  if (!proven.ok) {
    ctx.note(proven.failure.detail);
    return { ...facts, failure: proven.failure };
  }
  ctx.note(`host key ${proven.value.type} ${proven.value.fingerprint}`);
  return {
    ...facts,
    kexMs: since(greetedAt, ctx),
    keyType: proven.value.type,
    fingerprint: proven.value.fingerprint,
    kex: proven.value.kex,
  };
}
