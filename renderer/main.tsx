/** Starts a page: settings and the line to the engine first, then the desk, the wall, or the desk of a drill. */
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Fence } from './components/Fence.tsx';
import { startAttention } from './desk/attention.ts';
import { DrillFrame } from './drill/DrillFrame.tsx';
import { startDrillMenu } from './drill/menu.ts';
import { startRealNews } from './drill/real-news.ts';
import { startSaving } from './editor/session.ts';
import { startConnection } from './state/connect.ts';
import { inDrill, role } from './state/role.ts';
import { startSettings } from './state/settings.ts';
import { startSound } from './state/sound.ts';
import './styles/global.css';
import { Wall } from './wall/Wall.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
const wall = role === 'wall';
document.documentElement.dataset.role = role;

void startSettings();
startConnection();
// Main sends what is to be heard to one page only: the desk, or the wall where no desk is open. A drill shows it and makes no sound.
if (wall) startSound();
else if (inDrill) startRealNews();
else {
  startAttention();
  startDrillMenu();
}
if (!wall) startSaving();
const desk = inDrill ? (
  <DrillFrame>
    <App />
  </DrillFrame>
) : (
  <App />
);
createRoot(root).render(<Fence {...(wall && { reloadAfterMs: 10_000 })}>{wall ? <Wall /> : desk}</Fence>);
