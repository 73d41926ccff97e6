/** Asks blocklists for addresses and domains, and now and then whether the lists themselves are in order. */
import type { BlocklistAnswer, BlocklistConfig, BlocklistFacts } from '../../shared/checks/blocklist.ts';
import { reversed, sameForm } from '../../shared/checks/dns-names.ts';
import { judgeList, type ListSilence, readListAnswer, type TestKind, testPoints } from '../../shared/mail/blocklist-answer.ts';
import type { Look } from '../../shared/mail/look.ts';
import { clean } from '../../shared/text.ts';
import { DAY } from '../../shared/time.ts';
import { lookVia } from './dns-look.ts';
import { noResolver, resolversOf } from './dns-servers.ts';
import type { Probe } from './types.ts';
import { since } from './wire.ts';

const mostQuestionMs = 5_000;
/** A silent list is asked for its test points and then for each thing; all of that must fit. */
const shareOfQuestion = 0.25;

interface Tested {
  at: number;
  /** Why the list counts for nothing; null when it is in order. */
  bad: { why: ListSilence; detail: string } | null;
}
/** What is kept between two probes: of each list how its test points looked, and what it listed. */
interface Memory {
  tests: ReadonlyMap<string, Tested>;
  listed: ReadonlySet<string>;
}

interface Thing {
  about: string;
  kind: TestKind;
  /** As it is put before the name of the list. */
  label: string;
}

export const probeBlocklist: Probe<BlocklistConfig, BlocklistFacts> = async (config, context) => {
  const begin = context.monotonic();
  const resolvers = resolversOf(config.server);
  if (resolvers.length === 0) return { failure: noResolver };
  const look = lookVia(resolvers, Math.min(mostQuestionMs, context.timeoutMs * shareOfQuestion), context);
  const now = context.now();
  const tests = new Map<string, Tested>();
  const listed = new Set<string>();
  const before = context.remember<Memory>({ tests, listed });
  const underWay = new Map<string, Promise<Tested['bad']>>();

  const things: Thing[] = [
    ...config.addresses.map((about) => ({
      about,
      kind: about.includes(':') ? ('ipv6' as const) : ('ipv4' as const),
      label: reversed(about),
    })),
    ...config.domains.map((about) => ({ about, kind: 'domain' as const, label: sameForm(about) })),
  ];
  const answers = await Promise.all(
    things.flatMap((thing) =>
      [...new Set((thing.kind === 'domain' ? config.domainLists : config.lists).map(sameForm))].map((list) => askList(thing, list)),
    ),
  );
  return { answers, ms: since(begin, context) };

  async function askList(thing: Thing, list: string): Promise<BlocklistAnswer> {
    const known = { list, about: thing.about };
    const silent = ({ why, detail }: { why: ListSilence; detail: string }): BlocklistAnswer => ({
      ...known,
      listed: null,
      why,
      ...(detail === '' ? {} : { detail: clean(detail, 300) }),
    });
    const bad = await testOnce(thing.kind, list, false);
    if (bad) return silent(bad);
    const answer = readListAnswer(await look(`${thing.label}.${list}`, 'A'));
    const key = `${thing.about} ${list}`;
    if (answer.listed === null) {
      // Silence does not tell that it was taken off.
      if (before?.listed.has(key)) listed.add(key);
      return silent({ why: answer.why ?? 'no-answer', detail: answer.detail ?? '' });
    }
    if (!answer.listed) return { ...known, listed: false };
    // Lists that close down sometimes list the whole world from one day to the next: a new listing is believed after a look at that.
    const wrong = before?.listed.has(key) ? null : await testOnce(thing.kind, list, true);
    if (wrong) return silent(wrong);
    listed.add(key);
    context.note(`${thing.about} is listed by ${list}: ${answer.code}`);
    return { ...known, listed: true, code: answer.code, ...(await reasonOf(`${thing.label}.${list}`, look)) };
  }

  /** Asks a list for its test points, at most once a probe, and once a day where nothing calls for it. */
  function testOnce(kind: TestKind, list: string, fresh: boolean): Promise<Tested['bad']> {
    const key = `${kind} ${list}`;
    const old = before?.tests.get(key);
    // A clock that was set back must not keep an old test for good.
    if (!fresh && old && now - old.at < DAY && now >= old.at) {
      if (!tests.has(key)) tests.set(key, old);
      return Promise.resolve(old.bad);
    }
    const running = underWay.get(key);
    if (running) return running;
    const started = test(kind, list, key);
    underWay.set(key, started);
    return started;
  }

  async function test(kind: TestKind, list: string, key: string): Promise<Tested['bad']> {
    const points = testPoints(kind, list);
    const [good, evil] = await Promise.all([look(`${points.listed}.${list}`, 'A'), look(`${points.notListed}.${list}`, 'A')]);
    const bad = judgeList(kind, readListAnswer(good), readListAnswer(evil));
    // That nobody answered is no property of the list: it is asked again next time.
    if (bad?.why !== 'no-answer') tests.set(key, { at: now, bad });
    return bad;
  }
};

/** What the list says of a listing, in words of its own. */
async function reasonOf(name: string, look: Look): Promise<{ text?: string }> {
  const found = await look(name, 'TXT');
  const said = found.ok ? clean(found.values[0] ?? '', 200) : '';
  return said === '' ? {} : { text: said };
}
