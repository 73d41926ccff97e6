/** A mail entry and its legs as subjects, with the checks that it expands into and those that are written beside. */
import { expandMail } from '../mail/expand.ts';
import { legId, legName, legWords, type MailLeg, mailLegs } from '../mail/legs.ts';
import { type Preset, timeoutFor } from '../mail/preset.ts';
import { placeOfSetting, saidIn, settingsOf } from '../mail/settings.ts';
import { clean, listOf } from '../text.ts';
import type { MailEntry } from './inventory-mail.ts';
import { type CheckEntry, checkEntrySchema } from './inventory-parts.ts';
import type { PlanProblem } from './plan.ts';
import { type Entry, entry, type Path, type Reference, upstream, type Written } from './plan-entry.ts';

/** Of these at least one must work, or there is no mail at all. */
const coreLegs: ReadonlySet<MailLeg> = new Set(['receiving', 'sending', 'reading']);
/** What a check is cannot be adjusted. */
const fixed: ReadonlySet<string> = new Set(['type', 'name', 'leg']);
const mostNames = 40;

/** @param hostAddress address of a host of the inventory */
export function mailEntries(mail: MailEntry, index: number, hostAddress: (id: string) => string | undefined): Entry[] {
  const path: Path = ['mail', index];
  const presets = expandMail(mail, path, hostAddress);
  const problems: PlanProblem[] = strangers(mail, path, presets);
  const without = new Set(mail.without);
  const adjusted = new Map(Object.entries(mail.adjust));
  const written: Written[] = [];
  for (const preset of presets) {
    if (without.has(preset.name)) continue;
    const read = readPreset(preset, adjusted.get(preset.name), [...path, 'adjust', preset.name]);
    if (Array.isArray(read)) problems.push(...read);
    else written.push(read);
  }
  const made = entry('mail', path, mail as typeof mail & { checks: CheckEntry[] }, {
    name: mail.domain,
    note: mail.domain,
    audience: `mail for ${mail.domain}`,
    address: mail.address ?? (typeof mail.servers === 'string' ? mail.servers : mail.servers?.address),
    hosts: mail.hosts,
    dependsOn: { field: 'dependsOn', needs: mail.dependsOn, kinds: upstream },
  });
  const byLeg = Map.groupBy([...written, ...made.checks], ({ check }) => check.leg);
  const legs = mailLegs.filter((leg) => byLeg.has(leg)).map((leg) => legEntry(mail, leg, made, byLeg.get(leg) ?? []));
  const core = legs.filter(({ subject }) => subject.leg && coreLegs.has(subject.leg.leg)).map(({ subject }) => subject.id);
  const itself: Entry = {
    ...made,
    subject: { ...made.subject, dependsOn: core.length > 0 ? [...made.subject.dependsOn, core] : made.subject.dependsOn },
    checks: byLeg.get(undefined) ?? [],
    references: [
      ...made.references,
      ...presets.flatMap(({ host }) => (host ? [hostReference(host.value, host.path as Path)] : [])),
      ...core.map((id): Reference => ({ id, path: [...path, 'id'], kinds: ['mail'], depends: true, again: true })),
    ],
    problems,
  };
  return [itself, ...legs];
}

const hostReference = (id: string, path: Path): Reference => ({ id, path, kinds: ['host'], depends: true });

function legEntry(mail: MailEntry, leg: MailLeg, of: Entry, checks: Written[]): Entry {
  const named = [...new Set(checks.flatMap(({ check }) => check.host ?? []))];
  const hosts = named.length > 0 ? named : mail.hosts;
  return {
    path: of.path,
    subject: {
      ...of.subject,
      id: legId(mail.id, leg),
      name: legName(of.subject.name, leg),
      audience: `${legWords[leg].audience} for ${mail.domain}`,
      hosts,
      leg: { entry: mail.id, domain: mail.domain, leg },
    },
    address: of.address,
    checks,
    references: [
      // Those of its entry are told with the entry; here they only close circles.
      ...of.references.map((it) => ({ ...it, again: true })),
      ...checks.flatMap(({ check, path, expanded }) =>
        check.host === undefined ? [] : [{ ...hostReference(check.host, [...path, 'host']), ...(expanded && { again: true }) }],
      ),
    ],
  };
}

/** Reads a check by the schema of its type. @returns the check, or what is wrong with its settings */
function readPreset(preset: Preset, adjust: Record<string, unknown> | undefined, adjustPath: Path): Written | PlanProblem[] {
  const { type, name, leg, host } = preset;
  const all = adjust ? [...preset.settings, ...saidIn(adjust, adjustPath)] : preset.settings;
  const settings = settingsOf(all);
  const place = (within: readonly (string | number)[]): Path => [...(placeOfSetting(all, within) ?? preset.path)];
  const wrong = Object.keys(settings).filter((key) => fixed.has(key));
  if (wrong.length > 0)
    return wrong.map((key) => ({ path: place([key]), key: true, expected: `a setting of ${type}; "${key}" cannot be set here` }));
  const timeout = settings.timeout ?? timeoutFor(type, settings.slowDown);
  const whole = { host: host?.value, ...(timeout !== undefined && { timeout }), ...settings, type, name, leg };
  const read = checkEntrySchema.safeParse(whole);
  // The schema knows the types one by one; here they are alike.
  if (read.success) return { check: read.data as CheckEntry, path: [...preset.path], expanded: true };
  return read.error.issues.slice(0, mostNames).map((issue) => ({
    path: place(issue.path.map((step) => (typeof step === 'number' ? step : String(step)))),
    expected: `a setting that ${type} can use`,
    misread: { issue, data: whole, place },
  }));
}

/** Names in `without` and `adjust` that are no name of an expanded check. */
function strangers(mail: MailEntry, path: Path, presets: readonly Preset[]): PlanProblem[] {
  const names = new Set(presets.map((it) => it.name));
  const expected = (name: string): string => {
    const there = names.size === 0 ? 'nothing is expanded here without `servers`' : `they are ${listOf([...names], mostNames)}`;
    return `the name of an expanded check; "${clean(name, 60)}" is none, ${there}`;
  };
  return [
    ...mail.without.flatMap((name, at) => (names.has(name) ? [] : [{ path: [...path, 'without', at], expected: expected(name) }])),
    ...Object.keys(mail.adjust).flatMap((name) =>
      names.has(name) ? [] : [{ path: [...path, 'adjust', name], key: true, expected: expected(name) }],
    ),
  ];
}
