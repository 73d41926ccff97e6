/// <reference types="vite/client" />
import type { Reply } from '../shared/bind.ts';

declare global {
  interface Window {
    /** Put there by the preload; the only way out of this page. */
    nightdesk: {
      invoke(name: string, input: unknown): Promise<Reply<unknown>>;
      on(event: string, listener: (payload: unknown) => void): () => void;
    };
  }
}
