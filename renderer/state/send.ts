/**
 * `useSend()` for forms that write: keeps whether an answer is awaited and what went wrong. The text of the form stays where it is until the
 * engine has said that it is on disk.
 */
import { useState } from 'react';
import type { Reply } from '../../shared/bind.ts';

export interface Sending {
  busy: boolean;
  /** Why the last try failed, in words; null while there is nothing to say. */
  failure: string | null;
  /** @returns whether it was done */
  send(work: () => Promise<Reply<unknown>>): Promise<boolean>;
}

export function useSend(): Sending {
  const [state, setState] = useState<{ busy: boolean; failure: string | null }>({ busy: false, failure: null });
  return {
    ...state,
    async send(work) {
      setState({ busy: true, failure: null });
      const reply = await work();
      setState({ busy: false, failure: reply.ok ? null : reply.failure.text });
      return reply.ok;
    },
  };
}
