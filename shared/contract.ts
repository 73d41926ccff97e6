/**
 * Everything that crosses a process boundary, as two values: what a window asks of the engine (over a MessagePort), and what it
 * asks of the desktop side in main (over Electron's IPC). Both ends and every test derive from these.
 */
import { z } from 'zod';
import { message, request } from './bind.ts';
import type { Explanation, FactLine, Facts } from './checks/types.ts';
import type { Draft } from './incident/draft.ts';
import type { Delta, Snapshot } from './live.ts';
import type { Alert } from './model/alert.ts';
import {
  type DocumentFormat,
  documentFormatSchema,
  documentKindSchema,
  documentOptionsSchema,
  type NightDocument,
  type RevisionInfo,
  type SectionNews,
} from './model/document.ts';
import { eventKinds, type NightEvent } from './model/event.ts';
import { type Incident, incidentChangeSchema, incidentSeveritySchema, logEntrySchema } from './model/incident.ts';
import { type Change, type MaintenanceWindow, type Occurrence, windowSchema } from './model/maintenance.ts';
import type { Verdict } from './model/words.ts';
import { idSchema, subjectRefSchema } from './model/words.ts';
import type { Debrief, DrillInfo } from './scenario/debrief.ts';
import type { SmokePoint } from './smoke.ts';
import { isZone } from './time.ts';
import type { Trace } from './trace.ts';
import type { UptimeReport } from './uptime/report.ts';

const person = z.string().trim().min(1, 'say who you are').max(80);
const words = (what: string) => z.string().trim().min(1, what).max(4_000);
const range = { from: z.int(), to: z.int() };
const addressLike = z.string().trim().min(1, 'expected an IP address or a host name').max(253);

/** What one probe did, line by line, and what was made of it. */
export interface Transcript {
  check: string;
  at: number;
  durationMs: number;
  verdict: Verdict;
  explanation: Explanation;
  facts: FactLine[];
  /** "+12 ms  connected to 192.0.2.1:443"; cleaned, bounded. */
  lines: string[];
}

/** What the newest probe of a check saw, as the check type's observation schema says. */
export interface SeenFacts {
  at: number;
  facts: Facts;
  verdict: Verdict;
}

/** One stretch of a check's history: a single sample, or a roll-up over a minute or an hour. */
export interface HistoryPoint {
  /** Start of the stretch, epoch ms. */
  at: number;
  n: number;
  ok: number;
  degraded: number;
  down: number;
  unknown: number;
  /** Values in the check type's unit; null where no probe measured one. */
  min: number | null;
  avg: number | null;
  p50: number | null;
  p95: number | null;
  max: number | null;
}
export interface History {
  resolution: 'raw' | 'minute' | 'hour';
  points: HistoryPoint[];
}

/** Something that answered when an address was looked at, with the check that would watch it. */
export interface Proposal {
  /** "HTTPS, 200, certificate valid 61 days". */
  seen: string;
  /** Suggested for ticking. */
  recommended: boolean;
  /** The check as it would stand in the inventory, without its address. */
  check: { type: string; name?: string; [setting: string]: unknown };
}
export interface Discovery {
  address: string;
  /** Addresses the name stands for. */
  resolved: string[];
  proposals: Proposal[];
}

const proposedCheck = z.looseObject({ type: z.string(), name: idSchema.optional() });

const chosenAlerts = z.array(z.string()).min(1, 'choose an alert').max(5_000);
const moment = z.int();
const subjectIds = z.array(z.string()).max(5_000);

/** Planned work as a form sends it; what fits together is checked by planWindow (maintenance/plan.ts). */
const maintenancePlan = z.object({
  name: z.string().trim().min(1, 'say what is done').max(120),
  kind: windowSchema.shape.kind,
  from: moment.nullable(),
  to: moment.nullable(),
  durationMs: z.int().nullable(),
  schedule: windowSchema.shape.schedule,
  affects: subjectIds,
  spares: subjectIds,
  reason: z.string().trim().max(1_000),
});
export type MaintenancePlan = z.infer<typeof maintenancePlan>;

const maintenanceChange = z.discriminatedUnion('kind', [
  /** Begins now, before (or without) its time. */
  z.object({ kind: z.literal('start') }),
  z.object({ kind: z.literal('finish') }),
  /** Of a recurring one: `at` names the single time that does not take place; null = the whole series. */
  z.object({ kind: z.literal('cancel'), at: moment.nullable() }),
  /** Also fixes the day of one that has none. */
  z.object({ kind: z.literal('postpone'), from: moment, to: moment.nullable() }),
  z.object({ kind: z.literal('extend'), to: moment }),
]);
export type MaintenanceChange = z.infer<typeof maintenanceChange>;

export interface MaintenanceCalendar {
  windows: MaintenanceWindow[];
  occurrences: Occurrence[];
  routines: { routine: string; name: string; at: number; to: number; restarts: string[] }[];
}

const changeEntry = z.object({
  at: moment,
  subject: z.string().nullable(),
  text: z.string().trim().min(1, 'say what was changed').max(1_000),
  by: z.string().trim().max(80).nullable().describe('who made it; null = who enters it'),
});
export type ChangeEntry = z.infer<typeof changeEntry>;

export interface DocumentInfo {
  id: string;
  kind: NightDocument['kind'];
  title: string;
  options: NightDocument['options'];
  revision: number;
  savedAt: number;
  savedBy: string;
  /** Gaps that only a person can fill, still in the text. */
  gaps: number;
}

export interface ExportedDocument {
  fileName: string;
  format: DocumentFormat;
  mediaType: string;
  /** Text formats; null for binary ones. */
  text: string | null;
  /** Binary formats (DOCX), base64; null for text. */
  base64: string | null;
}

/** What the player of a drill does to its clock, and to calls. */
const drillAction = z.discriminatedUnion('do', [
  z.object({ do: z.literal('pause') }),
  z.object({ do: z.literal('play'), speed: z.number().min(0.1).max(600) }),
  /** On, as fast as it goes, to the next thing that happens: a fault, somebody's deed, an alert. */
  z.object({ do: z.literal('jump') }),
  /** To the end of the drill. */
  z.object({ do: z.literal('finish') }),
  /** Writes a call down in the log of the incident that is worked on (or of the night). */
  z.object({ do: z.literal('log-call'), call: z.string(), by: person }),
]);
export type DrillAction = z.infer<typeof drillAction>;

export const engineContract = {
  requests: {
    /** The whole picture; ask again whenever `receive` says so. */
    snapshot: request(z.object({}))<Snapshot>(),
    /**
     * Takes alerts on. On disk before it answers. All or nothing: ids that are gone are named in the failure (`alert-gone`), and so are
     * those that somebody else has taken meanwhile (`already-taken`), unless `takeOver` says that this is meant.
     */
    acknowledge: request(
      z.object({
        alerts: chosenAlerts,
        by: person,
        comment: words('say what you do about it'),
        sticky: z.boolean().default(false),
        until: z.int().nullable().default(null).describe('epoch ms: it opens again then'),
        takeOver: z.boolean().default(false),
      }),
    )<null>(),
    /** Gives alerts back: nobody has them any more. */
    release: request(z.object({ alerts: chosenAlerts, by: person, comment: words('say why') }))<null>(),
    /** "Do not tell me until …": by subject. Recovery is told all the same. */
    silence: request(
      z.object({
        subjects: z.array(z.string()).min(1, 'choose what to silence').max(5_000),
        by: person,
        reason: words('say why'),
        until: z.int().describe('epoch ms'),
      }),
    )<null>(),
    endSilence: request(z.object({ silence: z.string(), by: person }))<null>(),
    /** Plans work, or replaces a plan of the desk's own that has not begun (`id`). */
    planMaintenance: request(z.object({ id: z.string().nullable(), plan: maintenancePlan, by: person }))<{ id: string }>(),
    changeMaintenance: request(
      z.object({
        window: z.string(),
        by: person,
        reason: z.string().trim().max(4_000),
        change: maintenanceChange,
      }),
    )<null>(),
    /** Windows that touch a stretch of time with the times in it, those without a day, and the times of routines. */
    maintenance: request(z.object(range))<MaintenanceCalendar>(),
    /** Changes that we made: entered or imported. All or nothing. */
    addChanges: request(z.object({ changes: z.array(changeEntry).min(1, 'enter a change').max(10_000), by: person }))<{ added: number }>(),
    /** What was changed in a stretch of time, newest first; `subjects` null = everything. */
    changes: request(z.object({ ...range, subjects: z.array(z.string()).nullable() }))<Change[]>(),
    /** Sends a test message and says what the other side answered. */
    testChannel: request(z.object({ channel: z.string() }))<{ reply: string; tookMs: number }>(),
    /** How long things were up, down and so on; null = everything that has checks, and all sites. */
    uptime: request(
      z.object({ ...range, subjects: z.array(z.string()).nullable(), zone: z.string().refine(isZone, 'expected an IANA time zone') }),
    )<{
      report: UptimeReport;
      csv: string;
      fileName: string;
    }>(),
    /** Writes a note on a subject, or on the night as a whole. On disk before it answers. */
    note: request(z.object({ subject: subjectRefSchema.nullable(), by: person, text: words('write the note') }))<null>(),
    /** The newest probe of a check, and the newest that was not ok. */
    transcript: request(z.object({ check: z.string() }))<{ newest: Transcript | null; lastBad: Transcript | null }>(),
    /** What the newest probes of some checks saw; null where none is remembered since the engine started, or there is no such check. */
    facts: request(z.object({ checks: z.array(z.string()).max(2_000) }))<Record<string, SeenFacts | null>>(),
    history: request(z.object({ check: z.string(), ...range }))<History>(),
    /** Round trips of a check that pings with many packets, oldest first: single probes, or stretches where they are too many. */
    smoke: request(z.object({ check: z.string(), ...range }))<{ points: SmokePoint[] }>(),
    /** Events before a moment, newest first. */
    events: request(
      z.object({
        before: z.string().nullable().describe('event id; null for the newest'),
        limit: z.int().min(1).max(1_000),
        kinds: z.array(z.enum(eventKinds)).nullable(),
        subjects: z.array(z.string()).nullable().describe('subject ids'),
        text: z.string().max(200).nullable(),
        from: z.int().nullable(),
        to: z.int().nullable(),
      }),
    )<NightEvent[]>(),
    /** Alerts that touch a stretch of time, open ones included. */
    alerts: request(z.object(range))<Alert[]>(),
    draft: request(
      z.object({
        alerts: z.array(z.string()).nullable().describe('null: all that touch the range'),
        from: z.int().nullable().describe('null: from the first symptom of the alerts'),
        to: z.int().nullable().describe('null: until the last recovery, or now'),
        title: z.string().trim().max(200).nullable(),
        zone: z.string().refine(isZone, 'expected an IANA time zone'),
      }),
    )<{ draft: Draft; markdown: string; html: string; fileName: string }>(),
    /** Opens an incident from alerts, from a stretch of time, or by hand. */
    openIncident: request(
      z.object({
        title: z.string().trim().max(200).nullable().describe('null: named after the worst alert'),
        severity: incidentSeveritySchema,
        lead: z.string().trim().max(80).nullable(),
        alerts: z.array(z.string()).max(1_000),
        subjects: subjectIds,
        from: moment.nullable(),
        to: moment.nullable(),
        by: person,
      }),
    )<{ id: string }>(),
    changeIncident: request(
      z.object({ incident: z.string(), by: person, reason: z.string().trim().max(4_000), change: incidentChangeSchema }),
    )<null>(),
    /** Adds a line to the log of an incident, or (null) to the night. `at` null = now; else it is dated back and marked so. */
    log: request(z.object({ incident: z.string().nullable(), by: person, at: moment.nullable(), entry: logEntrySchema }))<null>(),
    /** One incident with its alerts, and its log and everything else of its timeline (newest 2,000, in the order in which it happened). */
    incident: request(z.object({ incident: z.string() }))<{
      incident: Incident;
      alerts: Alert[];
      events: NightEvent[];
      documents: DocumentInfo[];
    }>(),
    /** Incidents that touch a stretch of time, newest first; merged ones too. */
    incidents: request(z.object(range))<Incident[]>(),
    /** Begins a document from what is known now, or returns the one that there is of this kind (and provider, and update). */
    openDocument: request(
      z.object({
        kind: documentKindSchema,
        incident: z.string().nullable(),
        window: z.string().nullable(),
        options: documentOptionsSchema,
        by: person,
      }),
    )<NightDocument>(),
    document: request(z.object({ document: z.string() }))<NightDocument>(),
    /** Saves what a person wrote. On disk before it answers; `newer-revision` where somebody saved meanwhile. */
    saveDocument: request(
      z.object({
        document: z.string(),
        revision: z.int().describe('the one it was made from'),
        by: person,
        title: z.string().trim().min(1, 'write a title').max(300),
        sections: z.array(z.object({ key: z.string().max(60), title: z.string().trim().max(200), text: z.string().max(500_000) })).max(60),
      }),
    )<{ revision: number; savedAt: number }>(),
    /** What each section would be by what is known now. */
    documentNews: request(z.object({ document: z.string() }))<{ sections: SectionNews[]; checkedAt: number }>(),
    /** Takes new drafts into the named sections; all others stay as they are. Options (zone, clock) can change with it. */
    redraft: request(
      z.object({
        document: z.string(),
        revision: z.int(),
        by: person,
        sections: z.array(z.string()),
        options: documentOptionsSchema.nullable(),
      }),
    )<NightDocument>(),
    revisions: request(z.object({ document: z.string() }))<RevisionInfo[]>(),
    revision: request(z.object({ document: z.string(), revision: z.int() }))<NightDocument>(),
    /** Brings an old revision back, as a new one. */
    restoreRevision: request(z.object({ document: z.string(), revision: z.int(), by: person }))<NightDocument>(),
    /** A document in one format, ready to be written to a file. PDF comes as the HTML that main prints. */
    exportDocument: request(z.object({ document: z.string(), format: documentFormatSchema }))<ExportedDocument>(),
    /** Says on the timeline that a draft left the house. */
    exported: request(z.object({ title: z.string().max(300), format: z.string().max(20), by: person }))<null>(),
    /** Follows the way to what a check looks at, hop by hop. Takes some ten seconds, longer while others wait; told on the timeline as well. */
    trace: request(z.object({ check: z.string() }))<{ trace: Trace; text: string; lastGood: Trace | null }>(),
    /** The newest traces of a check that came through, and that did not. */
    lastTraces: request(z.object({ check: z.string() }))<{ good: Trace | null; bad: Trace | null }>(),
    /** Drills that can be played, by name. */
    drills: request(z.object({}))<DrillInfo[]>(),
    /** Of the drill that this engine plays; `no-drill` where it watches for real. */
    drill: request(drillAction)<null>(),
    /** How the drill went so far. */
    debrief: request(z.object({}))<Debrief>(),
    /** Probes a check now; the result comes by delta. */
    checkNow: request(z.object({ checks: z.array(z.string()).min(1).max(1_000) }))<null>(),
    /** Looks what answers at an address. Takes a few seconds. */
    discover: request(z.object({ address: addressLike }))<Discovery>(),
    addHost: request(
      z.object({
        id: idSchema,
        name: z.string().trim().max(120).nullable(),
        address: addressLike,
        site: idSchema.nullable(),
        group: z.enum(['servers', 'links', 'mail']),
        checks: z.array(proposedCheck).min(1, 'tick at least one check'),
        /** Of a mail server: whose mail it serves, and the mailbox to try it with. */
        mail: z
          .object({
            domain: z.hostname('expected a domain'),
            mailbox: z.email('expected an e-mail address').nullable(),
            passwordSecret: idSchema.nullable(),
            families: z.array(z.union([z.literal(4), z.literal(6)])),
          })
          .optional(),
      }),
    )<null>(),
    addSite: request(
      z.object({
        id: idSchema,
        name: z.string().trim().min(1, 'expected a name').max(120),
        timezone: z.string().refine(isZone, 'expected an IANA time zone').nullable(),
      }),
    )<null>(),
  },
  events: {
    delta: message<Delta>(),
  },
} as const;
export type EngineContract = typeof engineContract;

/** What a page may change. No defaults in here: a default would stand in for whatever a change leaves out. */
const changeable = z.object({
  theme: z.enum(['system', 'dark', 'light']),
  /** Remembered author of acknowledgements and notes. */
  author: z.string().max(80),
  wall: z.object({
    display: z.number().nullable().describe('id of the display, null = the second one, or the only one'),
    openAtStart: z.boolean(),
  }),
  welcomeDone: z.boolean(),
  /** Notifications of the system, and sounds. */
  attention: z.object({
    notifications: z.boolean(),
    sound: z.boolean(),
    /** 0 to 1. */
    volume: z.number().min(0).max(1),
    /** No sound until then, epoch ms; null = not muted. */
    mutedUntil: z.int().nullable(),
  }),
});
export const settingsSchema = z.object({
  theme: changeable.shape.theme.default('dark'),
  author: changeable.shape.author.default(''),
  /** Path of the inventory; null = the default one in the user's config folder. */
  inventory: z.string().nullable().default(null),
  wall: changeable.shape.wall.default({ display: null, openAtStart: false }),
  attention: changeable.shape.attention.default({ notifications: true, sound: true, volume: 0.7, mutedUntil: null }),
  window: z
    .object({ x: z.int().nullable(), y: z.int().nullable(), width: z.int(), height: z.int(), maximized: z.boolean() })
    .nullable()
    .default(null),
  welcomeDone: changeable.shape.welcomeDone.default(false),
});
/** The desk's own settings (electron-store). */
export type Settings = z.infer<typeof settingsSchema>;

/** How the engine process is doing, as main sees it. */
export type EngineStatus =
  | { state: 'running'; since: number }
  | { state: 'starting' }
  | { state: 'stopped'; at: number; exit: string; retryAt: number; restarts: number }
  /** The engine cannot run until a person does something, such as a store written by a newer version. */
  | { state: 'refused'; text: string };

/** What the desk calls out: as a notification of the system, with a sound, in the tray. */
export interface Announcement {
  kind: 'raised' | 'again' | 'escalated' | 'recovered';
  severity: 'down' | 'degraded' | 'unknown' | 'ok';
  title: string;
  text: string;
  alert: string;
}
/** Open alerts for the tray and the badge. */
export interface OpenCounts {
  down: number;
  degraded: number;
  unknown: number;
  /** Of these, how many somebody has. */
  taken: number;
}

export interface DisplayInfo {
  id: number;
  label: string;
  primary: boolean;
}

/** The desk, the wall, or a drill: a window of its own beside the desk. */
export type WindowRole = 'desk' | 'wall' | 'drill';

export const desktopContract = {
  requests: {
    info: request(z.object({}))<{
      version: string;
      role: WindowRole;
      dataFolder: string;
      platform: string;
      unofficialRuntime: boolean;
      /** Whether the system shows notifications, as far as is known. */
      notificationsWork: boolean;
    }>(),
    settings: request(z.object({}))<Settings>(),
    changeSettings: request(changeable.partial())<Settings>(),
    /** A page asks for its port to the engine; it comes as a window message with the port. */
    enginePort: request(z.object({}))<null>(),
    engineStatus: request(z.object({}))<EngineStatus>(),
    restartEngine: request(z.object({}))<null>(),
    /** Opens the system's file dialog; null when the person thought better of it. */
    chooseInventory: request(z.object({}))<{ file: string } | null>(),
    /** Opens the folder of the inventory file. */
    showInventory: request(z.object({}))<null>(),
    /** Opens the system's save dialog and writes; null when cancelled. The name comes without its ending. */
    saveDraft: request(
      z.object({ fileName: z.string().max(200), format: z.enum(['markdown', 'html']), content: z.string().max(20_000_000) }),
    )<{ file: string } | null>(),
    /** Opens the system's save dialog and writes a table; null when cancelled. */
    saveCsv: request(z.object({ fileName: z.string().max(200), content: z.string().max(50_000_000) }))<{ file: string } | null>(),
    /** Opens the system's save dialog and writes a document in its format; null when cancelled. PDF comes as HTML, and is printed here. */
    saveDocument: request(
      z.object({
        fileName: z.string().max(300),
        format: documentFormatSchema,
        text: z.string().max(50_000_000).nullable(),
        base64: z.string().max(70_000_000).nullable(),
      }),
    )<{ file: string } | null>(),
    /** Opens the system's file dialog and reads a text file of at most 5 MB; null when cancelled. */
    openText: request(z.object({ title: z.string().max(120), endings: z.array(z.string().regex(/^[a-z]{1,8}$/)).max(8) }))<{
      name: string;
      content: string;
    } | null>(),
    /** http(s) only, after a confirm. */
    openExternal: request(z.object({ url: z.httpUrl().max(2_000) }))<{ opened: boolean }>(),
    displays: request(z.object({}))<DisplayInfo[]>(),
    openWall: request(z.object({ display: z.number().nullable() }))<{ fellBack: boolean }>(),
    closeWall: request(z.object({}))<null>(),
    /**
     * Plays a drill in a window of its own; the one that plays already ends. `drill`: file name of a shipped one; null opens the system's file
     * dialog. @returns false where the person thought better of it
     */
    playDrill: request(
      z.object({ drill: z.string().max(200).nullable(), acts: z.enum(['player', 'script']), speed: z.number().min(0.1).max(600) }),
    )<{
      opened: boolean;
    }>(),
    /** The window of the drill: plays the same again from the beginning. */
    restartDrill: request(z.object({}))<null>(),
    /** Ends the drill and closes its window. */
    closeDrill: request(z.object({}))<null>(),
    /** Brings the desk to the front, and to an alert of the real watch. */
    showDesk: request(z.object({ alert: z.string().nullable() }))<null>(),
    /** Names of the secrets there are; values never leave main and the engine. */
    secrets: request(z.object({}))<{ names: string[]; backend: string; weak: boolean }>(),
    setSecret: request(z.object({ name: idSchema, value: z.string().min(1, 'expected the secret').max(10_000) }))<null>(),
    removeSecret: request(z.object({ name: idSchema }))<null>(),
  },
  events: {
    settingsChanged: message<Settings>(),
    engineStatusChanged: message<EngineStatus>(),
    displaysChanged: message<DisplayInfo[]>(),
    /** Something wants a human: the page sounds it, unless it is muted. */
    announced: message<Announcement>(),
    /** A notification (or the tray) was clicked: show this alert. */
    openAlert: message<{ alert: string }>(),
    /** The menu asks the desk for its list of drills. */
    openDrills: message<Record<never, never>>(),
  },
} as const;
export type DesktopContract = typeof desktopContract;
