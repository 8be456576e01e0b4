/** When no frontend serves a request: the one that was meant, perhaps, and what it lacks. */
import { describeMatch } from '../../command/frontend-identity.ts';
import type { Frontend } from '../../command/requests.ts';
import { hostOf } from '../../http1/head.ts';
import type { Considered, Verdict } from '../../routing/route-table.ts';
import { nearest } from '../../shared/nearest.ts';
import type { ImaginedRequest } from './imagined-request.ts';

export function nearestFrontend(
  considered: readonly Considered<Frontend>[],
  { head, target }: ImaginedRequest,
): string | undefined {
  const judged = (verdict: Verdict): Frontend[] =>
    considered.filter(each => each.verdict === verdict).map(each => each.route);
  const [forOtherMethod] = judged('other-method');
  if (forOtherMethod !== undefined) {
    return `${describeMatch(forOtherMethod)} would serve, but not this method`;
  }
  const [path = ''] = target.split('?');
  const sameHost = judged('other-path');
  const alike = closestBy(sameHost, path, route => route.path);
  // Every host is a host of `*`: that alone brings it no nearer.
  const owner = alike ?? sameHost.find(route => route.hostname !== '*');
  if (owner !== undefined) return `${describeMatch(owner)} has the host, but not the path`;
  const stranger = closestBy(judged('other-host'), hostOf(head), route => route.hostname);
  return stranger && `${describeMatch(stranger)}; is the host misspelt?`;
}

function closestBy(
  routes: readonly Frontend[],
  wanted: string,
  textOf: (route: Frontend) => string,
): Frontend | undefined {
  const closest = nearest(wanted, routes.map(textOf));
  return routes.find(route => textOf(route) === closest);
}
