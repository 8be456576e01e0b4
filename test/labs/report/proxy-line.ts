/** A line of the access log as a report reads it, with whatever a test wants to be different. */
import type { ProxyLine } from '../../../labs/report/evidence/proxy-log.ts';

export function proxyLine(different: Partial<ProxyLine> = {}): ProxyLine {
  return {
    request_id: 'alice-1',
    worker: 1,
    backend: 'webapp1',
    attempts: 1,
    tries: null,
    chosen_by: 'round-robin',
    chosen_among: 3,
    duration_ms: 1.6,
    connect_ms: 0.9,
    first_byte_ms: 1.5,
    backend_reused: false,
    own_answer: false,
    message: null,
    ...different,
  };
}
