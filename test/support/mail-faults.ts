/**
 * Faults of a mail stack, made for real one after the other: each must be told of the leg that it is in, with its reason and in words, and of
 * no other leg.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { headline } from '../../shared/headline.ts';
import { type LegWord, legStandings } from '../../shared/mail/leg-standing.ts';
import type { MailLeg } from '../../shared/mail/legs.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { MailStackOptions, Mend } from './mail-stack.ts';
import { entry, startWorld, type World } from './mail-world.ts';
import { removeTemporaryFolders } from './temporary-folder.ts';

/** Postfix and Dovecot are started by root only. */
export const isRoot = process.getuid?.() === 0;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let world: World;

const tables = () => world.engine.publisher.tables;
const openAlerts = (): Alert[] => Object.values(tables().alerts).filter((it) => it.endedAt === null);
/** How each leg stands: "reading fails". */
function legs(): Partial<Record<MailLeg, LegWord>> {
  const { subjects, plans, checks } = tables();
  const checksOf = (id: string) =>
    Object.values(plans).flatMap((plan) => {
      const it = plan.subject.id === id ? checks[plan.id] : undefined;
      return it ? [{ plan, state: it.state, cover: it.cover }] : [];
    });
  return Object.fromEntries(legStandings(entry, (id) => subjects[id], checksOf).map(({ leg, word }) => [leg, word]));
}
const fine: Partial<Record<MailLeg, LegWord>> = {
  receiving: 'works',
  sending: 'works',
  delivery: 'works',
  reading: 'works',
  webmail: 'works',
};
/** Reason and words of each check that is not ok: "reading/imap: refused, connection refused on port 143". */
const reasons = (): Record<string, string> =>
  Object.fromEntries(
    Object.values(tables().checks).flatMap(({ id, state: { hard, verdict } }) =>
      hard === 'ok' ? [] : [[id.replace(`${entry}.`, ''), `${verdict?.reason}: ${verdict?.text}`]],
    ),
  );
const whatIs = (): string =>
  JSON.stringify({ alerts: openAlerts().map(({ title, text }) => `${title}: ${text}`), legs: legs(), reasons: reasons() }, null, 1);

async function until(what: string, isSo: () => boolean, patienceMs = 20_000): Promise<void> {
  for (const end = performance.now() + patienceMs; !isSo(); await wait(50))
    if (performance.now() > end) throw new Error(`waited in vain for ${what}: ${whatIs()}`);
}
const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
export const allFine = (): Promise<void> => until('all to be well', () => openAlerts().length === 0 && isSame(legs(), fine), 30_000);

interface Fault {
  title: string | RegExp;
  /** Legs that do not simply work. */
  legs: Partial<Record<MailLeg, LegWord>>;
  /** Reason of each of these checks, by "leg/name". */
  reasons: Record<string, string>;
  /** In the alert's text. */
  text?: RegExp;
}
/** Waits for the one alert of a fault, and holds every leg against what is expected. */
export async function expectFault({ title, legs: notFine, reasons: wantedReasons, text }: Fault): Promise<Alert> {
  const wanted = { ...fine, ...notFine };
  await until(`“${title}”`, () => {
    const [alert, ...others] = openAlerts();
    return (
      alert !== undefined &&
      (typeof title === 'string' ? alert.title === title : title.test(alert.title)) &&
      (text?.test(alert.text) ?? true) &&
      others.length === 0 &&
      isSame(legs(), wanted)
    );
  });
  const { checks } = tables();
  expect(Object.fromEntries(Object.keys(wantedReasons).map((id) => [id, checks[`${entry}.${id}`]?.state.verdict?.reason]))).toEqual(
    wantedReasons,
  );
  const [alert] = openAlerts() as [Alert];
  // Its words may be those of what is behind it.
  expect(headline(tables(), Date.now())).toMatchObject({ about: 'alert', alert: alert.id });
  return alert;
}

/** The same reason for each way in. */
export const ways = {
  reading: (reason: string) => ({ 'reading/imap': reason, 'reading/imaps': reason, 'reading/pop3': reason, 'reading/pop3s': reason }),
  sending: (reason: string) => ({ 'sending/submission': reason, 'sending/submissions': reason }),
};

/** For a `describe`: one mail stack for all of its tests, well before and after each. @returns it, once the tests run */
export function mailWorld(options: MailStackOptions = {}): () => World {
  beforeAll(async () => {
    world = await startWorld(options);
    await allFine();
  });
  afterAll(async () => {
    await world?.stop();
    removeTemporaryFolders();
  });
  return () => world;
}

/** A name, what makes the fault (and mends it afterwards), and how it is told. */
type FaultCase = [name: string, make: (world: World) => Promise<Mend>, told: Fault];

/** A test for each fault. */
export function testFaults(cases: readonly FaultCase[]): void {
  it.each(cases)('%s', async (_name, make, told) => {
    const mend = await make(world);
    try {
      await expectFault(told);
    } finally {
      await mend();
    }
    await allFine();
  });
}
