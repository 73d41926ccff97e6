/** The kinds of window: the desk (one), the wall (full screen on a chosen display), and a drill beside the desk. */
import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { DisplayInfo, Settings, WindowRole } from '../../shared/contract.ts';
import { pageUrl } from './security.ts';
import type { SettingsKeeper } from './settings.ts';
import { displayForWall } from './wall-display.ts';

export type Role = WindowRole;

const ground = { dark: '#0d1014', light: '#f5f6f8' } as const;

const titles: Record<Role, string> = { desk: 'Nightdesk', wall: 'Nightdesk wall', drill: 'DRILL – Nightdesk' };

function create(role: Role, options: Electron.BrowserWindowConstructorOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: titles[role],
    backgroundColor: nativeTheme.shouldUseDarkColors ? ground.dark : ground.light,
    show: false,
    autoHideMenuBar: true,
    ...options,
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      // A wall that is covered or a desk that is minimised still has to be right the moment it is looked at.
      backgroundThrottling: role !== 'wall',
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(pageUrl(role));
  return window;
}

/** The last place of the window, if a display is still there; else null. */
function lastPlace(settings: Settings): Electron.Rectangle | null {
  const { window } = settings;
  if (!window || window.x === null || window.y === null) return null;
  const place = { x: window.x, y: window.y, width: window.width, height: window.height };
  const { workArea } = screen.getDisplayMatching(place);
  const overlapX = Math.min(place.x + place.width, workArea.x + workArea.width) - Math.max(place.x, workArea.x);
  const overlapY = Math.min(place.y + place.height, workArea.y + workArea.height) - Math.max(place.y, workArea.y);
  return overlapX > 200 && overlapY > 100 ? place : null;
}

export function openDesk(settings: SettingsKeeper): BrowserWindow {
  const { width, height } = screen.getPrimaryDisplay().workAreaSize;
  const place = lastPlace(settings.get()) ?? { width: Math.min(1440, width), height: Math.min(900, height) };
  const window = create('desk', { ...place, minWidth: 900, minHeight: 600 });
  if (settings.get().window?.maximized) window.maximize();
  window.on('close', () => settings.change({ window: { ...window.getNormalBounds(), maximized: window.isMaximized() } }));
  return window;
}

export function openWall(wanted: number | null): { window: BrowserWindow; fellBack: boolean } {
  const { display, fellBack } = displayForWall(wanted, screen.getAllDisplays(), screen.getPrimaryDisplay().id);
  const window = create('wall', { ...display.bounds, frame: false, fullscreen: true });
  window.on('ready-to-show', () => window.setFullScreen(true));
  return { window, fellBack };
}

/** @param beside the desk, where it is open: the drill lies a little below and to the right of it, so that both are seen */
export function openDrill(beside: BrowserWindow | null): BrowserWindow {
  const { workArea } = beside ? screen.getDisplayMatching(beside.getBounds()) : screen.getPrimaryDisplay();
  const [width, height] = [Math.min(1440, workArea.width), Math.min(920, workArea.height)];
  const at = beside?.getNormalBounds();
  const within = (wanted: number, from: number, room: number): number => Math.min(Math.max(wanted, from), from + room);
  const place = at && {
    x: within(at.x + stepAside, workArea.x, workArea.width - width),
    y: within(at.y + stepAside, workArea.y, workArea.height - height),
  };
  return create('drill', { width, height, minWidth: 900, minHeight: 600, ...place });
}
const stepAside = 48;

export const displayList = (): DisplayInfo[] =>
  screen.getAllDisplays().map((display, index) => ({
    id: display.id,
    label: `${display.label || `Display ${index + 1}`} (${display.size.width} × ${display.size.height})`,
    primary: display.id === screen.getPrimaryDisplay().id,
  }));
