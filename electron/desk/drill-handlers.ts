/** What main does for the window of a drill: what belongs to the real desk it leaves alone, and says so. */
import type { BrowserWindow } from 'electron';
import { done, type Handlers, type Reply } from '../../shared/bind.ts';
import type { DesktopContract, Settings } from '../../shared/contract.ts';
import { fail, ok } from '../../shared/result.ts';
import type { DrillDesk } from './drill-window.ts';

type Desktop = Handlers<DesktopContract>;

const belongsToDesk: Reply<never> = fail({
  code: 'drill',
  text: 'This is the window of a drill. The real desk is not changed from here: do that in its own window.',
});
const refuse = (): Reply<never> => belongsToDesk;
/** How the page looks, and who writes: the same person in both. */
const mayChange: ReadonlySet<string> = new Set<keyof Settings>(['theme', 'author']);

/** @param own the handlers of the window as any other has them */
export function drillHandlers(own: Desktop, drill: DrillDesk, window: BrowserWindow): Desktop {
  return {
    ...own,
    changeSettings: (part) => (Object.keys(part).every((key) => mayChange.has(key)) ? own.changeSettings(part) : belongsToDesk),
    enginePort() {
      drill.givePort(window);
      return done();
    },
    engineStatus: () => ok(drill.status),
    restartEngine: (input) => own.restartDrill(input),
    chooseInventory: refuse,
    showInventory: refuse,
    openWall: refuse,
    closeWall: refuse,
    secrets: refuse,
    setSecret: refuse,
    removeSecret: refuse,
  };
}
