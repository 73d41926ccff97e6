/** Entry of a drill as a utility process of the app: plays it with an engine and a store of its own, beside the real watch. */
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';
import { z } from 'zod';
import type { Handlers } from '../../shared/bind.ts';
import type { EngineContract } from '../../shared/contract.ts';
import { clean } from '../../shared/text.ts';
import { placedProblem } from '../engine/cli-print.ts';
import { servePort } from '../engine/serve-port.ts';
import { readScenario } from './read.ts';
import { beginScratch, endScratch } from './scratch.ts';
import { openSession, type Session } from './session.ts';

/** What main says to a drill. */
const fromMainSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    file: z.string(),
    acts: z.enum(['player', 'script']),
    speed: z.number(),
    /** Its store lies there: emptied now, and gone at the end. */
    folder: z.string(),
  }),
  z.object({ kind: z.literal('window') }),
  z.object({ kind: z.literal('stop') }),
]);
export type ToDrill = z.infer<typeof fromMainSchema>;
/** What a drill says to main. `alive` comes every few seconds: a frozen one is told by its silence. */
export type FromDrill =
  | { kind: 'running'; name: string }
  | { kind: 'alive' }
  /** It cannot be played: mistakes with their places, or a store that cannot be opened. */
  | { kind: 'refused'; text: string };

const main = process.parentPort;
const say = (message: FromDrill): void => main.postMessage(message);
const logBug = (error: unknown): void => console.error(error);
// Electron only warns of these. Main says that the drill ended.
process.on('unhandledRejection', (error) => {
  logBug(error);
  process.exit(1);
});
const aliveEveryMs = 5_000;
const mostProblems = 20;

/** Ports that came before the drill was open wait here. */
let serveWindow: ((port: Electron.MessagePortMain) => void) | null = null;
const waiting: Electron.MessagePortMain[] = [];
let stop = (): void => process.exit(0);

/** A jump takes all of a processor that it gets: the real watch comes first. */
function standBack(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A system that does not let it: a drill is still one process beside others.
  }
}

async function start({ file, acts, speed, folder }: Extract<ToDrill, { kind: 'start' }>): Promise<void> {
  standBack();
  const read = await readScenario(file);
  if (!read.ok) {
    const { file: where, problems } = read.failure;
    const lines = problems.slice(0, mostProblems).map((it) => clean(placedProblem(basename(where), it), 500));
    if (problems.length > mostProblems) lines.push(`and ${problems.length - mostProblems} more`);
    say({ kind: 'refused', text: lines.join('\n') });
    return;
  }
  const begun = beginScratch(folder);
  if (!begun.ok) {
    say({ kind: 'refused', text: begun.failure });
    return;
  }
  const opened = await openSession(read.value, { acts, folder, isShown: true });
  if (!opened.ok) {
    say({ kind: 'refused', text: opened.failure.text });
    return;
  }
  const session = opened.value;
  stop = () => {
    try {
      session.close();
      endScratch(folder);
    } finally {
      process.exit(0);
    }
  };
  const handlers = playedOnceSeen(session, speed);
  serveWindow = (port) => servePort(port, session.engine, handlers, logBug);
  for (const port of waiting.splice(0)) serveWindow(port);
  say({ kind: 'running', name: clean(read.value.scenario.name, 200) });
  setInterval(() => say({ kind: 'alive' }), aliveEveryMs);
  // A bug in it must not look like a drill that stands still.
  await session.ended;
}

/** Its time begins when a page has its first picture: nobody shall miss the beginning. */
function playedOnceSeen(session: Session, speed: number): Handlers<EngineContract> {
  let isSeen = false;
  return {
    ...session.handlers,
    snapshot(input) {
      if (!isSeen) session.play(speed);
      isSeen = true;
      return session.handlers.snapshot(input);
    },
  };
}

main.on('message', (event) => {
  const message = fromMainSchema.parse(event.data);
  switch (message.kind) {
    case 'start':
      void start(message);
      break;
    case 'window': {
      const [port] = event.ports;
      if (!port) break;
      if (serveWindow) serveWindow(port);
      else waiting.push(port);
      break;
    }
    case 'stop':
      stop();
      break;
  }
});
