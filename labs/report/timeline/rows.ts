/** Where the rows of the drawing stand: for each visitor, one row per machine. */
import type { HistoryRecord, RequestRecord } from '../../harness/history.ts';
import { machineNames, visitorNames, visitorRequests } from '../visitor-requests.ts';

export interface Row {
  /** Undefined: what the proxy answered itself, or nobody. */
  readonly machine: string | undefined;
  readonly y: number;
  readonly requests: readonly RequestRecord[];
}

export interface Lane {
  readonly visitor: string;
  readonly keepAlive: boolean;
  readonly top: number;
  readonly rows: readonly Row[];
}

export const ROW_HEIGHT = 17;
export const LANE_HEADER = 24;
const LANE_GAP = 10;

export function lanesOf(history: readonly HistoryRecord[], top: number): readonly Lane[] {
  const requests = visitorRequests(history);
  const machines: readonly (string | undefined)[] = machineNames(history);
  const rowNames = requests.some(({ machine }) => machine === undefined)
    ? [...machines, undefined]
    : machines;
  const laneHeight = LANE_HEADER + rowNames.length * ROW_HEIGHT + LANE_GAP;
  return visitorNames(requests).map((visitor, index) => {
    const own = requests.filter(request => request.visitor === visitor);
    const laneTop = top + index * laneHeight;
    return {
      visitor,
      keepAlive: own[0]?.keepAlive ?? false,
      top: laneTop,
      rows: rowNames.map((machine, row) => ({
        machine,
        y: laneTop + LANE_HEADER + (row + 0.5) * ROW_HEIGHT,
        requests: own.filter(request => request.machine === machine),
      })),
    };
  });
}

export function bottomOf(lanes: readonly Lane[], top: number): number {
  const lastRow = lanes.at(-1)?.rows.at(-1);
  return lastRow === undefined ? top : lastRow.y + ROW_HEIGHT / 2 + LANE_GAP;
}
