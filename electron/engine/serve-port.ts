/** One window's line to an engine: its requests in, answers and changes out, until it hangs up. */
import { type Handlers, type Port, serve } from '../../shared/bind.ts';
import { type EngineContract, engineContract } from '../../shared/contract.ts';
import type { Engine } from './engine.ts';

export function servePort(
  port: Electron.MessagePortMain,
  { publisher }: Pick<Engine, 'publisher'>,
  handlers: Handlers<EngineContract>,
  onBug: (error: unknown) => void,
): void {
  const wrapped: Port = {
    post: (data) => port.postMessage(data),
    onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
  };
  const send = serve(engineContract, wrapped, handlers, onBug);
  const end = publisher.subscribe((delta) => send('delta', delta));
  port.on('close', end);
  port.start();
}
