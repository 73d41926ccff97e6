import { test } from 'vitest';
import { weigh } from '../../../shared/diagnosis/weigh.ts';
import { type Fault, gone, inputOf, outcomesOf, planFor, provider, wrong } from '../../support/diagnosis-world.ts';

const plan = planFor(provider);
const faults: Fault[] = [
  { kind: 'desk' },
  ...['norfolk', 'leeds'].map((id) => ({ kind: 'site' as const, id })),
  ...['bluefin', 'meridian', 'delta'].flatMap((id) => [{ kind: 'link' as const, id }, { kind: 'link-loss' as const, id }]),
  { kind: 'link-prefixes', id: 'bluefin', prefixes: ['a', 'b', 'c'] },
  { kind: 'link-prefixes', id: 'bluefin', prefixes: ['a', 'e'] },
  { kind: 'prefix', id: 'a' },{ kind: 'prefix', id: 'c' },{ kind: 'prefix', id: 'e' },{ kind: 'prefix', id: 'west' },
  ...['ns1', 'web1', 'web2', 'mail1', 'db1', 'ns2', 'web3'].flatMap((id) => [{ kind: 'host' as const, id }, { kind: 'host-hangs' as const, id }]),
  ...['web', 'shops', 'db', 'leeds-web', 'dns'].map((id) => ({ kind: 'service' as const, id })),
  ...['mail.reading', 'mail.sending', 'mail.receiving', 'mail.webmail'].map((id) => ({ kind: 'leg' as const, id })),
  { kind: 'mail', id: 'mail' },
  { kind: 'name-server', id: '192.0.2.3' },
  ...['web1/ssh', 'dns/a-ns1', 'leeds-web/http-3', 'mail.reading/imap', 'bluefin/gateway', 'ns1/icmp'].map((id) => ({ kind: 'check' as const, id })),
];
test('look', () => {
  for (const fault of faults) for (const how of [gone, wrong]) {
    if (how === wrong && !['service', 'leg', 'name-server', 'check'].includes(fault.kind)) continue;
    const r = weigh(inputOf(plan, outcomesOf(provider, plan, fault, how)));
    const short = (it: any) => `${it.cause.kind}:${it.cause.culprits}${it.cause.prefixes.length ? '/' + it.cause.prefixes : ''} ${it.share.toFixed(3)} e${it.explains.length} c${it.contradicts.length} u${it.unexplained.length}`;
    console.log(JSON.stringify(fault), how?.symptom, '=>', r?.confidence, r?.doubt, r?.failing.length, '|', r?.ranked.slice(0, 3).map(short).join(' | '));
  }
});
