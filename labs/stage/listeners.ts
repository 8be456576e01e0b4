/** Where the proxies of a lab accept requests, as whoever is beside the machines dials them. */
import type { AddressPlan } from '../../vms/address-plan.ts';
import { PROXY, SECOND_PROXY } from '../harness/actions.ts';
import type { Lab } from '../harness/lab.ts';
import { MONITOR, monitorPlan } from './monitor.ts';

/** The proxy in front of the lab's own, where there is one. */
export const EDGE = 'edge';

/** The own port of a proxy that visitors do not reach is so much below theirs. */
const BELOW = 20;

/**
 * By name of the proxy; also where a line may start a second one, and where the monitor answers.
 * Visitors reach the edge; without one, they reach the proxy.
 */
export function listenersOf(
  { proxy }: Pick<Lab, 'proxy'>,
  plan: AddressPlan,
  hubAddress: string,
): Readonly<Record<string, string>> {
  const { proxyPort, secondProxyPort } = plan;
  const visitors = `127.0.0.1:${proxyPort}`;
  const monitor = monitorPlan(proxy, plan)?.monitor;
  const others = {
    [SECOND_PROXY]: `127.0.0.1:${secondProxyPort}`,
    ...(monitor === undefined ? {} : { [MONITOR]: monitor }),
  };
  if (proxy.edge === undefined) return { [PROXY]: visitors, ...others };
  return { [PROXY]: `${hubAddress}:${proxyPort - BELOW}`, [EDGE]: visitors, ...others };
}
