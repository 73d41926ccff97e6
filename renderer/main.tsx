/** Starts a page: settings and the line to the engine first, then the desk or the wall. */
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Fence } from './components/Fence.tsx';
import { startAttention } from './desk/attention.ts';
import { startSaving } from './editor/session.ts';
import { startConnection } from './state/connect.ts';
import { startSettings } from './state/settings.ts';
import { startSound } from './state/sound.ts';
import './styles/global.css';
import { Wall } from './wall/Wall.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
const wall = new URLSearchParams(location.search).get('role') === 'wall';
document.documentElement.dataset.role = wall ? 'wall' : 'desk';

void startSettings();
startConnection();
// Main sends what is to be heard to one page only: the desk, or the wall where no desk is open.
if (wall) startSound();
else {
  startAttention();
  startSaving();
}
createRoot(root).render(<Fence {...(wall && { reloadAfterMs: 10_000 })}>{wall ? <Wall /> : <App />}</Fence>);
