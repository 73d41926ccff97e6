/** What windows ask of a drill: the engine's own requests, and those about the drill. */
import { done, type Handlers, type Reply } from '../../shared/bind.ts';
import type { DrillAction, EngineContract } from '../../shared/contract.ts';
import { fail, ok } from '../../shared/result.ts';
import { debriefOf } from './debrief.ts';
import type { Session } from './session.ts';

type Answer<T> = Reply<T> | Promise<Reply<T>>;

const isOver: Reply<never> = fail({ code: 'drill-over', text: 'The drill is over. It can be played again.' });
const nothingMore: Reply<never> = fail({ code: 'drill-over', text: 'The drill is over: nothing is looked at any more.' });
const standsStill: Reply<never> = fail({
  code: 'drill-paused',
  text: 'The drill stands still, and so nothing is looked at. Play on, and ask again.',
});

export function handlersOf(session: Omit<Session, 'handlers'>): Handlers<EngineContract> {
  const { engine, ended, read, store } = session;
  /** Nothing is looked at while time stands still: whoever asks would wait for ever. */
  const whileItGoes =
    <I, O>(ask: (input: I) => Answer<O>) =>
    (input: I): Answer<O> => {
      const { state } = session.state();
      if (state === 'over') return nothingMore;
      return state === 'paused' ? standsStill : Promise.race([ask(input), ended.then(() => nothingMore)]);
    };
  const steer = (how: () => void): Reply<null> => {
    if (session.state().state === 'over') return isOver;
    how();
    // Who waits for the answer sees it done when it comes.
    engine.publisher.flush();
    return done();
  };
  const act: { [K in DrillAction['do']]: (action: Extract<DrillAction, { do: K }>) => Answer<null> } = {
    pause: () => steer(session.pause),
    play: ({ speed }) => steer(() => session.play(speed)),
    jump: () => steer(session.jump),
    finish: () => steer(session.finish),
    'log-call': ({ call, by }) => session.logCall(call, by),
  };
  return {
    ...engine.handlers,
    trace: whileItGoes(engine.handlers.trace),
    checkNow: whileItGoes(engine.handlers.checkNow),
    async debrief() {
      // Brings what has gathered to the store.
      await engine.handlers.incidents({ from: 0, to: session.now() });
      const { state, acts } = session.state();
      return ok(debriefOf({ read, store, now: session.now(), over: state === 'over', acts }));
    },
    drill: (action) => (act[action.do] as (action: DrillAction) => Answer<null>)(action),
  };
}
