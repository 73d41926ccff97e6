/** What was broken, in words for a debrief: "Bluefin Carrier drops range A, range B and range C". */
import type { Plan } from '../../shared/model/plan.ts';
import type { Fault, FaultKind, FaultOf } from '../../shared/scenario/scenario.ts';
import { clean, listOf } from '../../shared/text.ts';
import { humanDuration } from '../../shared/time.ts';
import { kindOf } from './world-faults.ts';
import { numberOf } from './world-values.ts';

interface Names {
  /** Of a subject: "Web server 1". */
  of(id: string): string;
  /** Of a link: "Bluefin Carrier". */
  provider(link: string): string;
}

export function namesIn(plan: Plan): Names {
  const subjects = new Map(plan.subjects.map((it) => [it.id, it]));
  const of = (id: string): string => clean(subjects.get(id)?.name ?? id, 80);
  return { of, provider: (link) => clean(subjects.get(link)?.provider ?? of(link), 80) };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const all = (values: readonly string[]): string => listOf(values, 12);

const host: Record<FaultOf<'host'>['mode'], (name: string) => string> = {
  down: (name) => `${name} is down`,
  hang: (name) => `${name} hangs: it answers pings and nothing else`,
  reboot: (name) => `${name} is restarted`,
  'boot-loop': (name) => `${name} starts over and over`,
  'read-only-disk': (name) => `The disk of ${name} takes nothing more`,
  'disk-full': (name) => `The disk of ${name} is full`,
  'memory-errors': (name) => `The memory of ${name} has errors`,
  hot: (name) => `${name} is too hot`,
};
/** After the name of the service, which may be one thing or many: "web sites: connections refused". */
const service: Record<FaultOf<'service'>['mode'], string> = {
  refuse: 'connections refused',
  timeout: 'no answer',
  slow: 'slow answers',
  error: 'errors',
  'wrong-content': 'wrong content',
  'expired-certificate': 'certificate expired',
  'auth-fails': 'log-ins refused',
  stalled: 'connections taken, and never a word',
};
const mail: Record<FaultOf<'mail'>['mode'], string> = {
  'queue-stuck': 'the queue does not move',
  'delivery-delayed': 'delivered late',
  'smtp-refuse': 'connections refused',
  'auth-fails': 'log-ins refused',
  'webmail-down': 'webmail down',
  'tls-broken': 'encryption broken',
  blocklisted: 'on a blocklist',
};
const dns: Record<FaultOf<'dns'>['mode'], string> = {
  'server-down': 'does not answer',
  'stale-serial': 'gives old records',
  servfail: 'answers with an error',
  'wrong-answer': 'gives wrong records',
  'delegation-mismatch': 'is not what the zone above names',
};
const backup: Record<FaultOf<'backup'>['mode'], string> = { late: 'late', failed: 'failed', corrupt: 'damaged' };

/** Of several spells of one fault: what they have in common, and all parts. */
const words: { [K in FaultKind]: (faults: readonly [FaultOf<K>, ...FaultOf<K>[]], names: Names) => string } = {
  link(faults, { of, provider }) {
    const [{ link, loss, delayMs, jitterMs }] = faults;
    const prefixes = [...new Set(faults.flatMap((it) => it.prefixes ?? []))].map(of);
    const scope = prefixes.length > 0 ? ` for ${all(prefixes)}` : '';
    if (loss !== undefined) return `${provider(link)} loses ${percent(loss)} of all packets${scope}`;
    if (delayMs !== undefined || jitterMs !== undefined) return `${provider(link)} is slow${scope}`;
    return prefixes.length > 0 ? `${provider(link)} drops ${all(prefixes)}` : `The circuit of ${provider(link)} is down`;
  },
  site: ([{ site, power }], { of }) => (power ? `${of(site)} is without power` : `${of(site)} is cut off`),
  host: ([fault], { of }) => host[fault.mode](of(fault.host)),
  service: ([fault], { of }) => `${of(fault.service)}: ${service[fault.mode]}`,
  mail(faults, { of }) {
    const [fault] = faults;
    const protocols = [...new Set(faults.flatMap((it) => it.protocols ?? []))];
    const late = fault.mode === 'delivery-delayed' ? ` by ${humanDuration(numberOf(fault))}` : '';
    return `Mail for ${of(fault.mail)}: ${mail[fault.mode]}${late}${protocols.length > 0 ? ` (${all(protocols)})` : ''}`;
  },
  dns: ([fault]) => `DNS of ${clean(fault.dns, 80)}: ${fault.server === undefined ? 'it' : clean(fault.server, 80)} ${dns[fault.mode]}`,
  backup: ([{ backup: id, mode }], { of }) => `Backup of ${of(id)}: ${backup[mode]}`,
  desk: ([{ mode }]) => (mode === 'asleep' ? 'This computer sleeps' : 'This computer is cut off'),
};

/** @param faults spells of one fault; at least one */
export function faultWords(faults: readonly [Fault, ...Fault[]], names: Names): string {
  const [first] = faults;
  const told = (words[kindOf(first)] as (faults: readonly [Fault, ...Fault[]], names: Names) => string)(faults, names);
  const course = first.flap ? ', on and off' : first.portion !== undefined ? `, for ${percent(first.portion)} of all attempts` : '';
  return `${told}${course}`;
}
