/**
 * `useSend()` for forms that write: keeps whether an answer is awaited and what went wrong. The text of the form stays where it is until the
 * engine has said that it is on disk.
 */
import { useState } from 'react';
import type { Reply } from '../../shared/bind.ts';

export interface Sending {
  busy: boolean;
  /** Why the last try failed, in words and as a code; null while there is nothing to say. */
  failure: string | null;
  code: string | null;
  /** @returns whether it was done */
  send(work: () => Promise<Reply<unknown>>): Promise<boolean>;
}

export function useSend(): Sending {
  const [state, setState] = useState<Omit<Sending, 'send'>>({ busy: false, failure: null, code: null });
  return {
    ...state,
    async send(work) {
      setState({ busy: true, failure: null, code: null });
      const reply = await work();
      setState(
        reply.ok ? { busy: false, failure: null, code: null } : { busy: false, failure: reply.failure.text, code: reply.failure.code },
      );
      return reply.ok;
    },
  };
}
