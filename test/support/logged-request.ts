/** A request as the access log sees it, with whatever a test wants to be different. */
import type { LoggedRequest } from '../../proxy/log/logged-request.ts';

export function loggedRequest(different: Partial<LoggedRequest> = {}): LoggedRequest {
  return {
    requestId: 'r-1',
    traceId: '',
    spanId: '',
    client: { peer: '127.0.0.1:50000' },
    clientIp: '127.0.0.1',
    requestsOnConnection: 1,
    method: 'GET',
    target: '/a?b=c',
    hostname: 'web.example',
    userAgent: 'curl/8.0',
    referer: '',
    tunnel: false,
    status: 200,
    ownAnswer: false,
    complete: true,
    keepAlive: true,
    message: '',
    bytesIn: 80,
    bytesOut: 1200,
    frontend: undefined,
    cluster: { id: 'web' },
    backend: { clusterId: 'web', backendId: 'b1', address: '127.0.0.1:9001' },
    backendReused: false,
    chosenBy: 'round-robin',
    chosenAmong: 3,
    attempts: undefined,
    startedAt: 1000,
    connectedAt: 1000.25,
    answeredAt: 1003.5,
    ...different,
  };
}
