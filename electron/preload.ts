/**
 * The only bridge between a page and main. It passes two things: requests and events of the desktop contract, and the port to the
 * engine. Everything is parsed on the other side.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';

/** The little of the page's world that is needed here; the DOM's types belong to the renderer. */
declare const window: { location: { origin: string }; postMessage(message: unknown, origin: string, ports: unknown[]): void };

contextBridge.exposeInMainWorld('nightdesk', {
  invoke: (name: string, input: unknown): Promise<unknown> => ipcRenderer.invoke('desktop', name, input),
  on(event: string, listener: (payload: unknown) => void): () => void {
    const heard = (_event: IpcRendererEvent, name: string, payload: unknown): void => {
      if (name === event) listener(payload);
    };
    ipcRenderer.on('desktop-event', heard);
    return () => void ipcRenderer.off('desktop-event', heard);
  },
});

// A port cannot cross the bridge; it goes to the page as a window message, to our own origin only.
ipcRenderer.on('engine-port', (event) => window.postMessage('engine-port', window.location.origin, [...event.ports]));
