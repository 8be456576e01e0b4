/** Random requests that change the state, over few names, so that they meet. */
import fc from 'fast-check';
import type { StateRequest } from '../../proxy/command/requests.ts';
import { someListener } from './some-states.ts';

export const listenerAddresses: readonly string[] = ['127.0.0.1:80', '127.0.0.1:81'];
/** Those come first in every sequence. */
export const listenerRequests: readonly StateRequest[] = listenerAddresses.map(address => ({
  kind: 'add-listener',
  listener: someListener(address),
}));

const place = fc.constantFrom(...listenerAddresses, '127.0.0.1:82');
const id = fc.constantFrom('web', 'api', 'blog');
const backendPlace = fc.record({
  clusterId: id,
  backendId: fc.constantFrom('b1', 'b2', 'b3'),
  address: fc.constantFrom('127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:3'),
});
const backend = fc
  .tuple(
    backendPlace,
    fc.constantFrom({}, { admin: 'drain' as const }, { admin: 'maint' as const }),
  )
  .map(([where, options]) => ({ ...where, ...options }));
const frontend = fc.record({
  listener: place,
  hostname: fc.constantFrom('a.example', 'b.example'),
  path: fc.constantFrom('', '/x'),
  position: fc.constantFrom('pre' as const, 'tree' as const, 'post' as const),
  clusterId: id,
});
const answer = { status: 503, reason: 'x', fields: [], body: '', keepAlive: true };
const anyListener = fc
  .tuple(
    place,
    fc.constantFrom(1000, 2000),
    fc.constantFrom({}, { active: false }, { active: true }),
  )
  .map(([address, backTimeoutMs, more]) => ({ ...someListener(address), backTimeoutMs, ...more }));

export const stateRequest: fc.Arbitrary<StateRequest> = fc
  .oneof(
    fc.record({ kind: fc.constant('add-listener' as const), listener: anyListener }),
    fc.record({ kind: fc.constant('update-listener' as const), listener: anyListener }),
    fc.record({
      kind: fc.constantFrom(
        'remove-listener' as const,
        'activate-listener' as const,
        'deactivate-listener' as const,
      ),
      address: place,
    }),
    fc.record({
      kind: fc.constant('add-cluster' as const),
      cluster: fc.record({
        id,
        loadBalancing: fc.constant('round-robin' as const),
        answers: fc.constantFrom({}, { '503': answer }),
      }),
    }),
    fc.record({ kind: fc.constant('remove-cluster' as const), clusterId: id }),
    fc.record({ kind: fc.constant('add-frontend' as const), frontend }),
    fc.record({ kind: fc.constant('remove-frontend' as const), frontend }),
    fc.record({ kind: fc.constant('add-backend' as const), backend }),
    backendPlace.map(each => ({ kind: 'remove-backend' as const, ...each })),
    backendPlace.map(({ clusterId, address }) => ({
      kind: 'remove-backend' as const,
      clusterId,
      address,
    })),
  )
  // fast-check also makes records without a prototype, which JSON never does.
  .map(each => structuredClone(each));
