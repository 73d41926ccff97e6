/** Counters, sensors, units and the mail queue of a server from inside. */
import { clean } from '../../shared/text.ts';
import { type Section, wholeNumber } from './inside-sections.ts';

/** "path:value" of grep -H, by path below `root`. */
function valuesOf(lines: readonly string[], root: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > root.length && line.startsWith(root) && found.size < 2_000)
      found.set(line.slice(root.length, colon), line.slice(colon + 1));
  }
  return found;
}

/** Corrected and uncorrected memory errors since the start, all controllers; undefined where there is no controller to ask. */
export function eccOf(lines: readonly string[]): { corrected: number; uncorrected: number } | undefined {
  const sum = { corrected: 0, uncorrected: 0 };
  let any = false;
  for (const [path, value] of valuesOf(lines, '/sys/devices/system/edac/mc/')) {
    const kind = /^mc\d{1,4}\/(ce|ue)_count$/.exec(path)?.[1];
    const number = wholeNumber(value);
    if (kind === undefined || number === undefined) continue;
    any = true;
    sum[kind === 'ce' ? 'corrected' : 'uncorrected'] += number;
  }
  return any ? sum : undefined;
}

/** Machine check exceptions of all processors since the start, from /proc/interrupts. */
export function machineChecksOf(lines: readonly string[]): number | undefined {
  const line = lines.find((it) => /^ *MCE:/.test(it));
  const numbers = line
    ?.trim()
    .split(/ +/)
    .slice(1)
    .map(wholeNumber)
    .filter((it) => it !== undefined);
  return numbers && numbers.length > 0 ? numbers.reduce((a, b) => a + b, 0) : undefined;
}

/** Values that no sensor can mean are left out, as on this computer (host-linux.ts). */
const celsiusOf = (value: string): number | undefined => {
  if (!/^-?\d{1,9}$/.test(value)) return undefined;
  const celsius = Number(value) / 1_000;
  return celsius > 0 && celsius < 150 ? celsius : undefined;
};
const mostSensors = 40;

/** Temperatures of hwmon, or where it has none of the thermal zones. */
export function temperaturesOf(sensors: readonly string[], zones: readonly string[]): { sensor: string; celsius: number }[] {
  const monitors = valuesOf(sensors, '/sys/class/hwmon/');
  const found: { sensor: string; celsius: number }[] = [];
  for (const [path, value] of monitors) {
    const [, chip, input] = /^(hwmon\d{1,4})\/(temp\d{1,4})_input$/.exec(path) ?? [];
    const celsius = celsiusOf(value);
    if (chip === undefined || celsius === undefined) continue;
    const name = monitors.get(`${chip}/name`) ?? chip;
    const label = monitors.get(`${chip}/${input}_label`);
    found.push({ sensor: clean(label ? `${name} ${label}` : name, 60), celsius });
  }
  if (found.length === 0) {
    const all = valuesOf(zones, '/sys/class/thermal/');
    for (const [path, value] of all) {
      const zone = /^(thermal_zone\d{1,4})\/temp$/.exec(path)?.[1];
      const celsius = celsiusOf(value);
      if (zone !== undefined && celsius !== undefined) found.push({ sensor: clean(all.get(`${zone}/type`) ?? zone, 60), celsius });
    }
  }
  return found.sort((a, b) => b.celsius - a.celsius).slice(0, mostSensors);
}

/** Names of failed units; undefined where systemd did not answer (it says nothing when all is well, with code 0). */
export function failedUnitsOf(section: Section | undefined): string[] | undefined {
  if (section?.code !== 0) return undefined;
  return section.lines
    .flatMap((line) => {
      const name = line.replace(/^[●*×\s]+/u, '').split(/\s+/)[0] ?? '';
      return /^[^\s]{1,256}\.(service|socket|mount|automount|swap|timer|path|device|scope|slice|target)$/.test(name)
        ? [clean(name, 100)]
        : [];
    })
    .slice(0, 100);
}

/** Messages in the mail queue, from postqueue -j counted, or the last line of postqueue -p, mailq of Sendmail and Exim's of that name. */
export function queueOf(counted: Section | undefined, summary: Section | undefined): number | undefined {
  if (counted) {
    const number = wholeNumber(counted.lines.find((line) => line.startsWith('n '))?.slice(2));
    // Without a code the list was cut off at its most: there is more, and so much it is at least.
    if (number !== undefined && (counted.code === 0 || (counted.code === null && number > 100_000))) return number;
  }
  if (summary?.code !== 0) return undefined;
  for (const line of summary.lines) {
    if (/^(Mail queue is empty|.{1,200} is empty)$/.test(line)) return 0;
    const [, total] = /(?: in |Total requests: )(\d{1,9})(?: Requests?\.?)?\s*$/.exec(line) ?? [];
    if (total !== undefined) return Number(total);
  }
  return undefined;
}

/** Ages of marker files. @returns for each path epoch ms by the desk's clock, 'gone', or null where nobody could see */
export function markersOf(lines: readonly string[], wanted: number, now: number): (number | 'gone' | null)[] {
  const clock = wholeNumber(lines.find((line) => line.startsWith('@t '))?.slice(3));
  const found: (number | 'gone' | null)[] = Array(wanted).fill(null);
  for (const line of lines) {
    const [, index, rest = ''] = /^@m (\d{1,3}) (.*)$/.exec(line) ?? [];
    const at = Number(index) - 1;
    if (index === undefined || at < 0 || at >= wanted) continue;
    const seconds = wholeNumber(rest.split(' ')[0]);
    if (rest === 'gone') found[at] = 'gone';
    else if (seconds !== undefined && clock !== undefined) found[at] = now - (clock - seconds) * 1_000;
  }
  return found;
}
