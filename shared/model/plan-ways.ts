/**
 * Which checks look at the parts that a round trip goes through: where it hands its message in, and where it looks for it. One through a
 * mailing list goes the way of the plain one, too.
 */
import type { PlannedCheck } from './plan.ts';
import type { Entry } from './plan-entry.ts';

type Settings = Record<string, unknown>;

/** Adds to each round trip of a mail stack the checks of that stack on its way. */
export function addWays(planned: readonly PlannedCheck[], byId: ReadonlyMap<string, Entry>): void {
  const stackOf = (check: PlannedCheck): string => byId.get(check.subject.id)?.subject.leg?.entry ?? check.subject.id;
  const mail = planned.filter(({ subject }) => subject.kind === 'mail');
  const doors = Map.groupBy(mail, (check) => doorOf(stackOf(check), check.type, check.config));
  const trips = mail.flatMap((check) => {
    if (check.type !== 'roundtrip') return [];
    const { send, fetch } = check.config as { send: Settings; fetch: Settings };
    const stack = stackOf(check);
    const out = doorOf(stack, 'smtp', send);
    const back = doorOf(stack, String(fetch.protocol), { port: usualPorts[String(fetch.protocol)], ...fetch });
    return [{ check, fetch, out, back, isPlain: check.config.list !== true }];
  });
  const plain = Map.groupBy(
    trips.filter((it) => it.isPlain),
    ({ out, back }) => `${out} ${back}`,
  );
  for (const { check, fetch, out, back, isPlain } of trips) {
    const ways = [
      ...(isPlain ? [] : (plain.get(`${out} ${back}`) ?? []).map((it) => it.check)),
      ...(doors.get(out) ?? []),
      // What one account may not read says nothing of another's mailbox.
      ...(doors.get(back) ?? []).filter(({ config: { user } }) => user === undefined || user === fetch.user),
    ];
    if (ways.length > 0) check.through = [...(check.through ?? []), ...ways.map((it) => it.id)];
  }
}

const usualPorts: Record<string, number> = { imap: 993, pop3: 995 };
const doorOf = (stack: string, type: string, { address, port }: Settings): string => `${stack} ${type} ${address} ${port}`;
