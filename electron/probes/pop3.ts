/** Logs in to a POP3 server and asks how much lies there. */
import { type BacklogSample, growthOf } from '../../shared/checks/mailbox-backlog.ts';
import type { Pop3Config, Pop3Facts } from '../../shared/checks/pop3.ts';
import type { Failure } from '../../shared/model/words.ts';
import { openPop3, type Pop3Session } from './pop3-session.ts';
import type { Probe, ProbeContext } from './types.ts';
import { since } from './wire.ts';

export const probePop3: Probe<Pop3Config, Pop3Facts> = async (config, ctx) => {
  const facts: Pop3Facts = {};
  const begin = ctx.monotonic();
  const opened = await openPop3(config, facts, ctx);
  const failure = !opened.ok ? opened.failure : config.user === undefined ? null : await look(opened.value, facts, ctx);
  if (opened.ok) opened.value.end();
  facts.totalMs = since(begin, ctx);
  if (failure) {
    facts.failure = failure;
    ctx.note(failure.detail);
  } else facts.stage = 'done';
  return facts;
};

async function look(session: Pop3Session, facts: Pop3Facts, ctx: ProbeContext): Promise<Failure | null> {
  facts.stage = 'select';
  const told = await session.stat();
  if (!told.ok) return told.failure;
  Object.assign(facts, told.value);
  ctx.note(`${told.value.messages} messages`);
  const { kept, perHour } = growthOf(ctx.remember<BacklogSample[]>([]) ?? [], { at: ctx.monotonic(), messages: told.value.messages });
  ctx.remember(kept);
  facts.growthPerHour = perHour;
  return null;
}
