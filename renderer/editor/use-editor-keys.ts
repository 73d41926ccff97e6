/** The keys of the editor, which work while somebody types: save, take back, next gap. HelpDialog.tsx lists them. */
import { type RefObject, useEffect } from 'react';
import { say } from '../state/view.ts';
import { goToNextGap } from './go-to-gap.ts';
import type { Session } from './session.ts';

export function useEditorKeys(session: Session, body: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('[role="dialog"]')) return;
      const ctrl = event.ctrlKey || event.metaKey;
      if (ctrl && !event.altKey && event.key.toLowerCase() === 's') {
        event.preventDefault();
        void session.saver.flush();
      } else if (event.key === 'F8') {
        event.preventDefault();
        if (!goToNextGap(session, body.current)) say('No gaps are left.');
      } else if (ctrl && event.altKey && event.key.toLowerCase() === 'z') {
        event.preventDefault();
        session.takeBack();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [session, body]);
}
