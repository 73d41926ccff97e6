/** What the state and the counters of a network interface mean. */
import type { Verdict } from '../model/words.ts';
import { clean } from '../text.ts';
import type { BothWays, InterfaceFacts, SnmpConfig, SnmpFacts } from './snmp-settings.ts';
import type { FactLine } from './types.ts';

const UP = 1;
const DOWN = 2;
const statusWords: Record<number, string> = {
  1: 'up',
  2: 'down',
  3: 'being tested',
  4: 'not known',
  5: 'waiting for something from outside (dormant)',
  6: 'missing a part (not present)',
  7: 'down because of the layer below',
};

const most = (it: BothWays | undefined): number | undefined =>
  it?.in === undefined ? it?.out : it.out === undefined ? it.in : Math.max(it.in, it.out);

/** Per cent of the speed in the busier direction; undefined where either is not known. */
export function shareOf(it: InterfaceFacts): number | undefined {
  const bits = most(it.bitsPerSecond);
  return bits === undefined || !it.speed ? undefined : (bits / it.speed) * 100;
}

/** "3.2 Mbit/s". */
export function humanBits(bits: number): string {
  const [divisor, unit] = bits >= 1e9 ? [1e9, 'Gbit/s'] : bits >= 1e6 ? [1e6, 'Mbit/s'] : bits >= 1e3 ? [1e3, 'kbit/s'] : [1, 'bit/s'];
  return `${Number((bits / divisor).toPrecision(3))} ${unit}`;
}
const perSecond = (value: number, of = ''): string =>
  `${value >= 10 ? Math.round(value) : Number(value.toFixed(2))}${of === '' ? '' : ` ${of}`} per second`;
const nameOf = (it: InterfaceFacts): string => clean(it.name ?? it.description ?? `number ${it.index}`, 60);
const whole = (value: number): string => `${value < 1 ? Number(value.toFixed(1)) : Math.round(value)} %`;

/** Only reached with an answer of the device. */
export function judgeInterface(facts: SnmpFacts, config: SnmpConfig): Verdict {
  const it = facts.interface;
  if (facts.noInterface)
    return { state: 'down', reason: 'no-such-interface', text: clean(`the device has no interface "${config.interface ?? ''}"`) };
  if (!it || it.status === undefined)
    return { state: 'unknown', reason: 'no-status', text: 'the device does not say whether the interface is up' };
  const name = nameOf(it);
  if (it.admin === DOWN) return { state: 'down', reason: 'switched-off', text: `${name} is switched off on the device` };
  if (it.status === 3 || it.status === 4) return { state: 'unknown', reason: 'no-status', text: `${name} is ${statusWords[it.status]}` };
  if (it.status === 5) return { state: 'degraded', reason: 'dormant', text: `${name} is ${statusWords[5]}` };
  if (it.status !== UP) return { state: 'down', reason: 'interface-down', text: `${name} is ${statusWords[it.status] ?? 'not up'}` };
  const use = shareOf(it);
  const errors = most(it.errorsPerSecond);
  const drops = most(it.dropsPerSecond);
  if (errors !== undefined && errors > 0 && errors >= config.errorsDegraded)
    return { state: 'degraded', reason: 'errors', text: `${name} is up with ${perSecond(errors, 'broken packets')}` };
  if (drops !== undefined && drops > 0 && drops >= config.dropsDegraded)
    return { state: 'degraded', reason: 'drops', text: `${name} is up and drops ${perSecond(drops, 'packets')}` };
  if (use !== undefined && use >= config.useDegraded)
    return { state: 'degraded', reason: 'full', text: `${name} is ${whole(use)} full (${trafficOf(it)})` };
  return {
    state: 'ok',
    reason: 'ok',
    text: `${name} is up, ${trafficOf(it) || noRateWords[it.noRates ?? 'first']}${use === undefined ? '' : `, ${whole(use)} of its speed`}`,
  };
}

const trafficOf = ({ bitsPerSecond: it }: InterfaceFacts): string =>
  [it?.in === undefined ? '' : `${humanBits(it.in)} in`, it?.out === undefined ? '' : `${humanBits(it.out)} out`]
    .filter((part) => part !== '')
    .join(', ');

const noRateWords: Record<NonNullable<InterfaceFacts['noRates']>, string> = {
  first: 'traffic known from the next look on',
  restarted: 'traffic not known: the counters began anew',
  'too-soon': 'traffic not known: looked at again too soon',
  'too-fast': 'traffic not known: the 32-bit counters of this device go round too fast',
  'not-counted': 'traffic not known: the device does not count it',
};

export function interfaceLines(it: InterfaceFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value !== undefined && value !== '' && lines.push({ label, value });
  const both = (label: string, value: BothWays | undefined, write: (value: number) => string): unknown =>
    add(
      label,
      [value?.in === undefined ? '' : `in ${write(value.in)}`, value?.out === undefined ? '' : `out ${write(value.out)}`]
        .filter((part) => part !== '')
        .join(', '),
    );
  add('Interface', `${nameOf(it)} (number ${it.index})`);
  add('Description', it.alias || it.description);
  if (it.status !== undefined) add('State', `${statusWords[it.status] ?? `code ${it.status}`}${it.admin === DOWN ? ', switched off' : ''}`);
  both('Traffic', it.bitsPerSecond, humanBits);
  add('Speed', it.speed === undefined ? 'not known' : humanBits(it.speed));
  both('Broken packets', it.errorsPerSecond, (value) => perSecond(value));
  both('Dropped packets', it.dropsPerSecond, (value) => perSecond(value));
  if (it.noRates) add('Note', noRateWords[it.noRates]);
  return lines;
}
