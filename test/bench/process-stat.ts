/** What a process has used, read from /proc (Linux). */
import { readFileSync } from 'node:fs';

export interface Used {
  /** CPU seconds of the process and of its children that have ended. */
  cpuSeconds: number;
  /** Of the process alone. */
  ownSeconds: number;
  /** Memory now, and the most there ever was, MB. */
  rssMb: number;
  peakMb: number;
}

/** Clock ticks a second; 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
const ticks = 100;

export function usedBy(pid: number): Used {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  // proc(5): utime, stime, cutime, cstime are fields 14 to 17; the first here is field 3.
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return {
    cpuSeconds: (utime + stime + cutime + cstime) / ticks,
    ownSeconds: (utime + stime) / ticks,
    rssMb: mb('VmRSS'),
    peakMb: mb('VmHWM'),
  };
}
