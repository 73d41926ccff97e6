/** Which programs of a drill's world listen where: by the ports that their own checks ask, and by the questions that these ask. */
import type { Plan, PlannedCheck } from '../../shared/model/plan.ts';
import type { Machine, Place, Program, Spot } from './world-topology.ts';

export interface Listeners {
  at(check: PlannedCheck, machine: Machine | null): Pick<Place, 'programs' | 'door'>;
  nameServices(place: Pick<Place, 'programs'>, machine: Machine | null): readonly Program[];
}

/** These look around inside a machine, whatever they are listed under. */
const comesIn: ReadonlySet<string> = new Set(['inside', 'backup', 'queue', 'host', 'push']);
/** These ask the machine itself, not what runs on it for customers. */
const ofTheSystem: ReadonlySet<string> = new Set([...comesIn, 'ssh', 'snmp', 'ntp', 'icmp']);

export function listenersOf(
  plan: Plan,
  programs: readonly Program[],
  programOf: (check: PlannedCheck) => Program | undefined,
  spotsOf: (check: PlannedCheck) => readonly Spot[],
): Listeners {
  /** By machine and port. */
  const claimed = new Map<string, Program[]>();
  const names = new Set<Program>();
  for (const check of plan.checks) {
    const program = programOf(check);
    if (!program) continue;
    if (isAboutNames(check, program, spotsOf)) names.add(program);
    const port = portOf(check);
    if (port === null || comesIn.has(check.type)) continue;
    for (const { machine } of spotsOf(check)) {
      const key = `${machine?.id} ${port}`;
      if (machine && !claimed.get(key)?.includes(program)) claimed.set(key, [...(claimed.get(key) ?? []), program]);
    }
  }
  const watched = new Set([...claimed.values()].flat());
  const claimedBy = (check: PlannedCheck, machine: Machine | null): Program[] | undefined =>
    machine === null ? undefined : claimed.get(`${machine.id} ${portOf(check)}`);
  /** What a check of a machine asks at a port: the program whose own checks ask there, or one that has no checks of its own. */
  const programsAt = (check: PlannedCheck, machine: Machine | null): Program[] => {
    if (!machine || portOf(check) === null || comesIn.has(check.type)) return [];
    const own = claimedBy(check, machine);
    return own ?? (ofTheSystem.has(check.type) ? [] : programs.filter((it) => !watched.has(it) && it.machines.includes(machine)));
  };

  return {
    at(check, machine) {
      const program = programOf(check);
      return {
        programs: program ? [program] : programsAt(check, machine),
        door: comesIn.has(check.type) ? (claimedBy(check, machine) ?? []) : [],
      };
    },
    nameServices({ programs: own }, machine) {
      const there = machine === null ? [] : [...names].filter((it) => it.machines.includes(machine));
      return [...new Set([...own.filter((it) => names.has(it)), ...there])];
    },
  };
}

/** A service that answers questions for names: its checks ask servers of their own. */
function isAboutNames(check: PlannedCheck, { kind, machines }: Program, spotsOf: (check: PlannedCheck) => readonly Spot[]): boolean {
  if (kind !== 'service') return false;
  if (check.type === 'zone') return true;
  const asks = check.type === 'dns' && check.config.server !== 'system';
  return asks && (machines.length === 0 || spotsOf(check).some(({ machine }) => machine !== null && machines.includes(machine)));
}

function portOf({ config }: PlannedCheck): number | null {
  const { port, url } = config;
  if (typeof port === 'number') return port;
  const web = typeof url === 'string' ? url : `${String(config.scheme ?? 'none')}://x`;
  return Number(/^\w+:\/\/[^/]*:(\d+)/.exec(web)?.[1]) || (web.startsWith('https:') ? 443 : web.startsWith('http:') ? 80 : null);
}
