/** What a worker counts about its clients. */
export class Counters {
  clientConnections = 0;
  activeRequests = 0;
  requestsTotal = 0;
  /** Answered 429. */
  requestsLimited = 0;
  /** How often a limit has stopped the accepting of connections. */
  acceptPauses = 0;
  /** Closed as they were accepted: there was no room, and no way to let them wait. */
  connectionsRefused = 0;
  /** Closed because they were idle longest and others needed room. */
  connectionsEvicted = 0;
  /** Connections that changed their protocol and are open. */
  tunnels = 0;
  private readonly byStatus = new Float64Array(600);
  private readonly byDenyRule = new Map<string, number>();

  clearConnectionCounts(): void {
    this.acceptPauses = 0;
    this.connectionsRefused = 0;
    this.connectionsEvicted = 0;
  }

  /** `status` is 100–599. */
  answered(status: number): void {
    this.byStatus[status] = (this.byStatus[status] ?? 0) + 1;
  }

  denied(rule: string): void {
    this.byDenyRule.set(rule, (this.byDenyRule.get(rule) ?? 0) + 1);
  }

  /** Requests that met a deny rule, by its name. */
  deniedTotal(): Record<string, number> {
    return Object.fromEntries(this.byDenyRule);
  }

  /** Answers by status, without the statuses that never occurred. */
  answersTotal(): Record<string, number> {
    const totals: Record<string, number> = {};
    for (const [status, count] of this.byStatus.entries()) {
      if (count > 0) totals[String(status)] = count;
    }
    return totals;
  }
}
