/** Nights of a provider, a site and a desk, in real networks with real pings: what an admin reads of them, and what not. */

import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../electron/setup/build.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { endCommands } from '../support/cli.ts';
import { buildLab, type Lab, prefixes } from '../support/lab.ts';
import { type Desk, siteInventory, startDesk } from '../support/lab-desk.ts';
import { startRouterAgent, startWeb } from '../support/lab-servers.ts';
import { removeTemporaryFolders } from '../support/temporary-folder.ts';

beforeAll(ensureBuilt, 180_000);
const cleanUps: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  await Promise.all(cleanUps.map((undo) => undo()));
  endCommands();
  removeTemporaryFolders();
});

/** Each night has a lab, servers and an engine of its own, so that all can be played at once. */
async function night(
  inventory = siteInventory(),
  more: (lab: Lab) => Promise<unknown> = async () => undefined,
): Promise<{ lab: Lab; desk: Desk }> {
  const lab = await buildLab();
  cleanUps.push(lab.stop);
  await Promise.all([startWeb(lab), more(lab)]);
  const desk = await startDesk(lab, inventory, { community: 'noc-reads' });
  await desk.untilFine();
  return { lab, desk };
}

const titles = (alerts: readonly Alert[]): string[] => alerts.map(({ title }) => title);
const pick = (standings: Record<string, string>, wanted: (check: string) => boolean): string[] => [
  ...new Set(Object.entries(standings).flatMap(([check, standing]) => (wanted(check) ? [standing] : []))),
];
const ping = (prefix: { id: string; representative: string }): string => `${prefix.id}/icmp-${prefix.representative}`;
const behind = (index: number): string[] => [`web${index + 1}/http`, `web${index + 1}/icmp`];
/** Time for two more rounds: whatever else there was to say would have been said by then. */
const twoRounds = (): Promise<void> => wait(5_000);

describe.concurrent('a provider at night', () => {
  it('loses its circuit: the other one takes over, and only the link is down', async () => {
    const site = siteInventory();
    const port = { type: 'snmp', name: 'port', address: '198.18.5.1', kind: 'interface', interface: 'cox', communitySecret: 'community' };
    const [cox, level3] = site.links as [object, object];
    const { lab, desk } = await night({ ...site, links: [{ ...cox, checks: [port] }, level3] }, (lab) =>
      startRouterAgent(lab, 'noc-reads'),
    );
    const own = ['cox/gateway', 'cox/port'];
    lab.cutCircuit('cox');
    const [alert] = await desk.untilOpen('the circuit is reported', (open) => open.length === 1 && open[0]?.checks.length === 2);
    expect(alert).toMatchObject({
      subject: { kind: 'link', id: 'cox' },
      severity: 'down',
      title: 'Cox at San Diego: gateway does not answer',
      consequences: [],
    });
    expect([...(alert?.checks ?? [])].sort()).toEqual(own);
    expect(alert?.text).toContain('Gateway: no answer to');
    // Our own router says so too, and is reached by the other circuit.
    expect(alert?.text).toContain('Port: cox is down.');
    await twoRounds();
    expect(lab.run('internet', 'ip route get 198.18.10.10')).toContain('via 198.18.2.2');
    expect(titles(desk.everRaised())).toEqual(['Cox at San Diego: gateway does not answer']);
    expect(desk.everBad()).toEqual(own);
    const standings = desk.standings();
    expect(pick(standings, (check) => own.includes(check))).toEqual(['down']);
    expect(pick(standings, (check) => !own.includes(check))).toEqual(['ok']);

    lab.mendCircuit('cox');
    await desk.untilOpen('it recovers', (open) => open.length === 0);
    expect(desk.lines('alert-recovered')).toHaveLength(1);
    expect(pick(desk.standings(), () => true)).toEqual(['ok']);
    await desk.stop();
  });

  it.each([
    ['null-routes', 'route'],
    ['filters', 'filter'],
  ] as const)(
    'keeps its gateway up but %s 3 of our 5 prefixes: these three are named in one alert, with what lies behind',
    async (_, how) => {
      const { lab, desk } = await night();
      const lost = [0, 2, 3];
      const dropped = lost.map((index) => prefixes[index] as (typeof prefixes)[number]);
      lab.dropPrefixes(
        'cox',
        dropped.map(({ cidr }) => cidr),
        how,
      );
      const pings = dropped.map(ping).sort();
      const following = lost.flatMap(behind).sort();
      const [alert] = await desk.untilOpen(
        'three prefixes are reported together',
        (open) => open.length === 1 && open[0]?.checks.length === 3 && open[0].consequences.length === following.length,
      );
      expect(alert?.subject).toEqual({ kind: 'site', id: 'sd' });
      expect(alert?.severity).toBe('down');
      expect(alert?.title).toBe('3 of 5 prefixes at San Diego do not answer');
      expect([...(alert?.checks ?? [])].sort()).toEqual(pings);
      expect([...(alert?.consequences ?? [])].sort()).toEqual(following);
      for (const { cidr } of dropped) expect(alert?.text).toContain(cidr);
      expect(alert?.text).toContain('6 checks of 3 things behind them cannot be reached: web1, web3 and web4.');
      expect(alert?.text).not.toMatch(/198\.18\.1[14]\.|web[25]/);
      await twoRounds();
      // One alert, ever; the links and the other two prefixes with their servers were never in doubt.
      expect(desk.everRaised()).toHaveLength(1);
      const standings = desk.standings();
      expect(pick(standings, (check) => pings.includes(check))).toEqual(['down']);
      expect(pick(standings, (check) => following.includes(check))).toEqual(['unreachable']);
      expect(pick(standings, (check) => !pings.includes(check) && !following.includes(check))).toEqual(['ok']);
      expect(desk.everBad().filter((check) => !pings.includes(check) && !following.includes(check))).toEqual([]);
      expect(desk.verdict('cox/gateway')?.state).toBe('ok');

      lab.carryPrefixes(
        'cox',
        dropped.map(({ cidr }) => cidr),
      );
      await desk.untilOpen('it recovers', (open) => open.length === 0);
      expect(desk.everRaised()).toHaveLength(1);
      expect(pick(desk.standings(), () => true)).toEqual(['ok']);
      await desk.stop();
    },
  );

  it('loses three packets of ten: degraded, and the loss is named', async () => {
    // Long enough for 20 packets to the gateway and 5 to each prefix. Pages take longer, as their packets are sent again.
    const inventory = siteInventory({ defaults: { interval: '8s', retryInterval: '1s', maxAttempts: 2, timeout: '7s' } });
    const { lab, desk } = await night({ ...inventory, hosts: [] });
    lab.losePackets('cox');
    const [alert] = await desk.untilOpen('the loss is reported', (open) => open.length === 1 && open[0]?.checks.length === 6, 40_000);
    expect(alert?.severity).toBe('degraded');
    expect(alert?.title).toBe('Cox and 5 prefixes at San Diego lose packets');
    expect(alert?.text).toContain('Gateway of Cox: 6 of 20 packets lost.');
    expect(alert?.text).toMatch(/ in 198\.18\.1\d\.0\/24\b.*: [12] of 5 packets lost\./);
    expect(alert?.consequences).toEqual([]);
    const lossy = ['cox/gateway', ...prefixes.map(ping)].sort();
    expect([...(alert?.checks ?? [])].sort()).toEqual(lossy);
    expect(desk.everBad()).toEqual(lossy);
    const standings = desk.standings();
    expect(pick(standings, (check) => lossy.includes(check))).toEqual(['degraded']);
    expect(pick(standings, (check) => !lossy.includes(check))).toEqual(['ok']);
    await desk.stop();
  });
});

describe.concurrent('the site and the desk', () => {
  it('the site goes dark: one alert', async () => {
    const { lab, desk } = await night();
    lab.darken();
    const everything = Object.keys(desk.standings());
    const roots = ['cox/gateway', 'level3/gateway'];
    const following = [...prefixes.map(ping), ...prefixes.flatMap((_, index) => behind(index))].sort();
    expect(everything.filter((check) => !check.startsWith('desk/')).sort()).toEqual([...roots, ...following].sort());
    const [alert] = await desk.untilOpen(
      'the dark site is one alert',
      (open) => open.length === 1 && open[0]?.checks.length === 2 && open[0].consequences.length === following.length,
    );
    expect(alert).toMatchObject({
      subject: { kind: 'site', id: 'sd' },
      severity: 'down',
      title: 'Cox and Level3 at San Diego do not answer',
    });
    expect(alert?.text).toMatch(
      /^Gateway of Cox and Level3: no answer to \d pings?\. 15 checks of 10 things behind them cannot be reached: /,
    );
    expect([...(alert?.checks ?? [])].sort()).toEqual(roots);
    expect([...(alert?.consequences ?? [])].sort()).toEqual(following);
    await twoRounds();
    expect(desk.everRaised()).toHaveLength(1);
    const standings = desk.standings();
    expect(pick(standings, (check) => roots.includes(check))).toEqual(['down']);
    expect(pick(standings, (check) => following.includes(check))).toEqual(['unreachable']);
    // The desk itself is connected: its anchors are elsewhere.
    expect(pick(standings, (check) => check.startsWith('desk/'))).toEqual(['ok']);
    expect(desk.lines('desk-cut-off')).toEqual([]);
    await desk.stop();
  });

  it("the desk's own cable is pulled: it says so, and calls nothing else down", async () => {
    const { lab, desk } = await night();
    lab.pullCable();
    const [alert] = await desk.untilOpen('the desk says that it is offline', (open) => open.length > 0);
    expect(alert).toMatchObject({ subject: { kind: 'desk', id: 'desk' }, title: 'This desk is offline' });
    expect(alert?.checks).toContain('desk/far-host');
    expect(alert?.checks.filter((check) => !check.startsWith('desk/'))).toEqual([]);
    expect(alert?.consequences).toEqual([]);
    await twoRounds();
    expect(titles(desk.everRaised())).toEqual(['This desk is offline']);
    expect(pick(desk.standings(), (check) => !check.startsWith('desk/'))).toEqual(['unknown']);

    lab.plugIn();
    await desk.untilOpen('it is connected again', (open) => open.length === 0);
    await desk.untilFine();
    expect(titles(desk.everRaised())).toEqual(['This desk is offline']);
    expect(desk.lines('desk-connected')).toHaveLength(1);
    expect(pick(desk.standings(), () => true)).toEqual(['ok']);
    await desk.stop();
  });
});
