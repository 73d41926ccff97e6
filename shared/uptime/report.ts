/** How long things were up: what the uptime view, its CSV and later the SLA figures are made of. */

/** Parts of a stretch of time, ms. They add up to the stretch exactly. */
export interface UptimeParts {
  up: number;
  degraded: number;
  down: number;
  /** Behind a failed parent: not charged. */
  unreachable: number;
  /** Not up during planned work: planned downtime. Time that was up within a window counts as up. */
  maintenance: number;
  /** Nobody watched, no fresh data, the desk cut off, or not in the inventory yet. */
  unknown: number;
}

export interface UptimeLine {
  /** `check` lines stand below their subject's. */
  kind: 'site' | 'host' | 'service' | 'link' | 'prefix' | 'mail' | 'desk' | 'check';
  id: string;
  name: string;
  /** Site id, for grouping. */
  site: string | null;
  parts: UptimeParts;
  /** (up + degraded) / (up + degraded + down), per cent: what was known, reachable and not planned. Null where nothing was. */
  availability: number | null;
  /** Unplanned stretches of `down`. */
  outages: number;
  longestOutageMs: number;
  /** When it was not as it should be, apart from each other: of sites and links that were asked for in detail only. */
  stretches?: OutageStretch[];
}

/** `partial`: some of it was gone. Of a site some of what is there; of a link an address range that rides on it alone. Epoch ms. */
export interface OutageStretch {
  from: number;
  to: number;
  part: 'down' | 'degraded' | 'partial';
}

export interface UptimeReport {
  from: number;
  to: number;
  lines: UptimeLine[];
}
