/** Draws the tray's icons: the shape and colour of each standing, as on the desk. Pure. */
import type { TrayStanding } from './counts-words.ts';

/** As `--ok` and so on in renderer/styles/tokens.css, for a dark ground; seen well on a light one too. */
const colours: Record<TrayStanding, readonly [red: number, green: number, blue: number]> = {
  ok: [0x4f, 0xb0, 0x8a],
  degraded: [0xf5, 0xb1, 0x33],
  down: [0xff, 0x5c, 0x52],
  unknown: [0x8a, 0x95, 0xa1],
};

/** Whether a point (0 to 1 each, from the top left) is part of the shape. */
const shapes: Record<TrayStanding, (x: number, y: number) => boolean> = {
  ok: (x, y) => Math.hypot(x - 0.5, y - 0.5) <= 0.38,
  degraded: (x, y) => y >= 0.08 && y <= 0.9 && Math.abs(x - 0.5) <= ((y - 0.08) / 0.82) * 0.48,
  down: (x, y) => Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5)) <= 0.4,
  unknown: (x, y) => {
    const radius = Math.hypot(x - 0.5, y - 0.5);
    return radius <= 0.42 && radius >= 0.24;
  },
};

/** Points looked at in each direction of one pixel, for smooth edges. */
const samples = 4;

/** @returns `size` × `size` pixels of four bytes (blue, green, red, alpha; premultiplied), as nativeImage.createFromBitmap takes them */
export function drawTrayIcon(standing: TrayStanding, size: number): Buffer {
  const [red, green, blue] = colours[standing];
  const inside = shapes[standing];
  const pixels = Buffer.alloc(size * size * 4);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let hits = 0;
      for (let n = 0; n < samples * samples; n += 1) {
        const x = column + ((n % samples) + 0.5) / samples;
        const y = row + (Math.floor(n / samples) + 0.5) / samples;
        if (inside(x / size, y / size)) hits += 1;
      }
      const part = hits / (samples * samples);
      pixels.set([blue * part, green * part, red * part, 255 * part].map(Math.round), (row * size + column) * 4);
    }
  }
  return pixels;
}
