/** Where the lanes stand: faults, machines, the proxy, visitors, from top to bottom. */
import type { HistoryRecord, RequestRecord } from '../../harness/history.ts';
import { machineNames, visitorNames, visitorRequests } from '../visitor-requests.ts';
import type { Outage } from './moments.ts';

export interface FaultBar {
  readonly outage: Outage;
  readonly y: number;
}

export interface MachineLane {
  readonly machine: string;
  readonly y: number;
}

export interface VisitorLane {
  readonly visitor: string;
  readonly keepAlive: boolean;
  readonly top: number;
  /** Where a request would stand that took no time. */
  readonly bottom: number;
  readonly requests: readonly RequestRecord[];
}

export interface Layout {
  readonly faults: readonly FaultBar[];
  readonly machines: readonly MachineLane[];
  /** Answers of the proxy itself, and requests without an answer. */
  readonly proxyY: number;
  readonly eventsY: number;
  readonly visitors: readonly VisitorLane[];
  readonly bottom: number;
}

export const ROW_HEIGHT = 19;
export const LATENCY_SPACE = 66;
const LANE_HEADER = 26;
const GAP = 12;

export function layOut(
  history: readonly HistoryRecord[],
  outages: readonly Outage[],
  top: number,
): Layout {
  const faults = stackFaults(outages, top);
  const rows = faults.reduce((most, { y }) => Math.max(most, y), top);
  const machinesTop = faults.length === 0 ? top : rows + ROW_HEIGHT / 2 + GAP;
  const machines = machineNames(history).map((machine, index) => ({
    machine,
    y: machinesTop + (index + 0.5) * ROW_HEIGHT,
  }));
  const proxyTop = machinesTop + machines.length * ROW_HEIGHT + GAP;
  const visitorsTop = proxyTop + 2 * ROW_HEIGHT + GAP / 2;
  const visitors = visitorLanes(history, visitorsTop);
  const bottom = (visitors.at(-1)?.bottom ?? visitorsTop) + GAP;
  const [proxyY, eventsY] = [proxyTop + 0.5 * ROW_HEIGHT, proxyTop + 1.5 * ROW_HEIGHT];
  return { faults, machines, proxyY, eventsY, visitors, bottom };
}

function visitorLanes(history: readonly HistoryRecord[], top: number): readonly VisitorLane[] {
  const requests = visitorRequests(history);
  const height = LANE_HEADER + LATENCY_SPACE + GAP;
  return visitorNames(requests).map((visitor, index) => {
    const own = requests.filter(request => request.visitor === visitor);
    const laneTop = top + index * height;
    return {
      visitor,
      keepAlive: own[0]?.keepAlive ?? false,
      top: laneTop,
      bottom: laneTop + LANE_HEADER + LATENCY_SPACE,
      requests: own,
    };
  });
}

/** Failures that overlap in time stand below each other. */
function stackFaults(outages: readonly Outage[], top: number): readonly FaultBar[] {
  const busyUntil: number[] = [];
  return [...outages]
    .sort((a, b) => a.from - b.from)
    .map(outage => {
      const free = busyUntil.findIndex(until => until <= outage.from);
      const row = free < 0 ? busyUntil.length : free;
      busyUntil[row] = outage.to;
      return { outage, y: top + (row + 0.5) * ROW_HEIGHT };
    });
}
