/** The application menu: what people expect of any program, and the few things of ours that are not on a page. */
import { Menu, type MenuItemConstructorOptions } from 'electron';

export function buildMenu(actions: { showWall: () => void; playDrill: () => void; restartEngine: () => void }): void {
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'Nightdesk',
      submenu: [
        { label: 'Open the wall', accelerator: 'CmdOrCtrl+Shift+W', click: actions.showWall },
        { label: 'Play a drill…', click: actions.playDrill },
        { label: 'Restart the watching process', click: actions.restartEngine },
        { type: 'separator' },
        { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { type: 'separator' }, { role: 'togglefullscreen' }],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
