/** Waits until a data plane has no client, no request and no lent connection: leaks fail here. */
import type { DataPlane } from '../../proxy/worker/data-plane.ts';
import { eventually } from './eventually.ts';

export async function awaitIdle(plane: DataPlane): Promise<void> {
  await eventually('no session and no used upstream connection is left', () => {
    const { clientConnections, activeRequests, backends } = plane.snapshot();
    const lent = backends.reduce((sum, backend) => sum + backend.activeRequests, 0);
    const idle = backends.reduce((sum, backend) => sum + backend.idleConnections, 0);
    return clientConnections === 0 && activeRequests === 0 && lent === 0
      ? plane.upstreams.size === idle
      : false;
  });
}
