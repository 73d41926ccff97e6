/**
 * The line to the engine. `startConnection()` once at start; from then on `engine.acknowledge({…})` and so on, as engineContract says, go to
 * whichever engine runs at the moment. Without one they fail with code `engine-gone` and words to show; nothing is queued.
 * A new port comes by itself after each restart of the engine, and the page goes on without a reload.
 */
import { type Client, type Connection, connect, type Port } from '../../shared/bind.ts';
import { type EngineContract, type EngineStatus, engineContract } from '../../shared/contract.ts';
import { fail } from '../../shared/result.ts';
import { desktop, onDesktop } from './desktop.ts';
import { useLive } from './live.ts';
import { createMirror } from './mirror.ts';

const notThere = 'The watching process is not running at the moment. What you wrote is still here: try again when it is back.';

let current: Connection<EngineContract> | null = null;
let line: MessagePort | null = null;

export const engine = Object.fromEntries(
  Object.keys(engineContract.requests).map((name) => [
    name,
    (input: unknown) => {
      if (!current) return Promise.resolve(fail({ code: 'engine-gone', text: notThere }));
      return current.client[name as keyof EngineContract['requests']](input as never);
    },
  ]),
) as unknown as Client<EngineContract>;

/** Once per frame while the page is seen; now and then while it is not (frames stop then). */
const soon = (work: () => void): void => {
  if (document.visibilityState === 'visible') requestAnimationFrame(work);
  else setTimeout(work, 500);
};

const mirror = createMirror({
  ask: () => engine.snapshot({}),
  show: (tables) => useLive.setState((live) => ({ tables, connection: 'live', firstPictureAt: live.firstPictureAt ?? performance.now() })),
  soon,
  later: (work) => setTimeout(work, 1_000),
});

const wrap = (port: MessagePort): Port => ({
  post: (data) => port.postMessage(data),
  onMessage: (listener) => {
    port.onmessage = (event) => listener(event.data);
  },
});

/** Open requests fail, and the port is closed: the engine would go on sending to it for as long as the page lives. */
function hangUp(): void {
  current?.end(notThere);
  line?.close();
  current = null;
  line = null;
}

function take(port: MessagePort): void {
  hangUp();
  line = port;
  current = connect(engineContract, wrap(port));
  // First the deltas, then the picture: nothing can fall between the two.
  current.on('delta', (delta) => mirror.take(delta));
  mirror.restart();
}

function lose(): void {
  hangUp();
  mirror.stop();
  useLive.setState((live) => ({ connection: live.connection === 'live' ? 'lost' : live.connection }));
}

/** Says how the engine process is doing, as main sees it. */
function hear(status: EngineStatus): void {
  useLive.setState({ engine: status });
  if (status.state === 'stopped' || status.state === 'refused') lose();
}

/** Connects and stays connected. @returns how to end it (for tests) */
export function startConnection(): () => void {
  const onMessage = (event: MessageEvent) => {
    const port = event.ports[0];
    if (event.source === window && event.data === 'engine-port' && port) take(port);
  };
  window.addEventListener('message', onMessage);
  const stopHearing = onDesktop('engineStatusChanged', hear);
  void desktop.engineStatus({}).then((reply) => reply.ok && hear(reply.value));
  void desktop.enginePort({});
  return () => {
    window.removeEventListener('message', onMessage);
    stopHearing();
    lose();
  };
}
