/** The storm's figures as a section of docs/benchmarks.md. */
import type { ScreenWave, StormFigures } from './storm-bench.ts';
import type { Wave } from './storm-figures.ts';

export const row = (...cells: (string | number)[]): string => `| ${cells.join(' | ')} |`;
export const verdict = (fine: boolean): string => (fine ? 'met' : '**not met**');

const kb = (bytes: number): string => `${Math.round(bytes / 1_000)} kB`;
const ms = (value: number): string => String(Math.round(value));
/** Of the project: told and shown within a second, and once. */
const aimMs = 1_000;
const all = (waves: readonly Wave[], what: keyof Wave): string[] => waves.map((it) => ms(it[what]));

export function stormLines({ screens, engine }: StormFigures): string[] {
  const waves = screens.flatMap(({ hosts, fail, recover }) => {
    const tiles = hosts === fail.checks ? `${hosts} tiles` : `${hosts} tiles of ${fail.checks / hosts} checks`;
    return [
      { name: `${tiles}: fail`, wave: fail },
      { name: `${tiles}: come back`, wave: recover },
    ];
  });
  const screenRow = (what: string, of: (wave: ScreenWave) => string, aim = '–', isFine?: (wave: ScreenWave) => boolean): string =>
    row(what, ...waves.map(({ wave }) => of(wave)), aim, isFine ? verdict(waves.every(({ wave }) => isFine(wave))) : '');
  const engineWaves = [engine.fail, engine.recover, engine.again];
  return [
    `${engine.checks} tcp checks on one listener that is closed, and opened again; one bad result is enough (\`maxAttempts: 1\`). All are asked`,
    'at once by `checkNow`, and the engine probes as fast as it can. "On screen" is the frame with the one alert and no green tile (or with no alert',
    'and all tiles green), at 1920 × 1080 without a graphics card; page, engine and probes share the machine.',
    '',
    row('what', ...waves.map(({ name }) => name), 'aim', ''),
    row('---', ...waves.map(() => '---'), '---', '---'),
    screenRow('the probing itself: first to last result (ms)', (it) => ms(it.spreadMs)),
    screenRow(
      '**last result to all on screen (ms)**',
      (it) => ms(it.fromLastMs),
      `under ${aimMs}`,
      (it) => it.fromLastMs < aimMs,
    ),
    screenRow('first result to all on screen (ms)', (it) => ms(it.fromFirstMs)),
    screenRow('first result to the alert on screen (ms)', (it) => (it.firstAlertMs === null ? '' : ms(it.firstAlertMs))),
    screenRow(
      'alerts in all',
      (it) => String(it.alerts),
      '1',
      (it) => it.alerts === 1,
    ),
    screenRow('tasks of the page over 50 ms (longest, ms)', (it) => `${it.longTasks} (${it.longestTaskMs})`),
    screenRow('deltas (largest)', (it) => `${it.deltas}, ${kb(it.deltaBytes)} (${kb(it.largestDeltaBytes)})`),
    '',
    'The engine alone, with probes that answer by script within about a second (real store, real clock, the flags of the real one):',
    '',
    row('what', 'fail', 'come back', 'fail again', 'aim', ''),
    row('---', '---', '---', '---', '---', '---'),
    row('first to last result (ms)', ...all(engineWaves, 'spreadMs'), '–', ''),
    row(
      '**last result until the delta with the one alert is out (ms)**',
      ...all(engineWaves, 'toDeltaMs'),
      `under ${aimMs}`,
      verdict(engineWaves.every((it) => it.toDeltaMs < aimMs && it.alerts === 1)),
    ),
    row('CPU in all (ms)', ...all(engineWaves, 'cpuMs'), '–', ''),
    row(
      'of it seeing all checks together (ms; longest)',
      ...engineWaves.map((it) => `${ms(it.settleMs)} (${ms(it.longestSettleMs)})`),
      '–',
      '',
    ),
    row(
      'the tick of every second, with what is written (ms; longest)',
      ...engineWaves.map((it) => `${ms(it.tickMs)} (${ms(it.longestTickMs)})`),
      '–',
      '',
    ),
    row('deltas (largest)', ...engineWaves.map((it) => `${it.deltas}, ${kb(it.deltaBytes)} (${kb(it.largestDeltaBytes)})`), '–', ''),
    row('CPU per second while all of them stay down (ms)', '', '', ms(engine.downCpuMs), '–', ''),
  ];
}
