/** The public entry of the proxy: what labs and other programs may import. */
export { type CommandClient, connectCommand, type SendOptions } from './command/client.ts';
export type { ConnectFailure, EventBody, ProxyEvent, ProxyEventKind } from './command/events.ts';
export type {
  AttemptOutcome,
  AttemptReport,
  FailureStory,
  SkippedBackend,
  SkipReason,
} from './command/failure-stories.ts';
export type { CutReport, Holder, HolderCounts, HolderReport } from './command/holders.ts';
export type { MetricsContent } from './command/metrics-snapshots.ts';
export type {
  BackendReport,
  BackendsContent,
  ClustersContent,
  DrainContent,
  Reply,
  ReplyContents,
  ReplyTo,
  RunState,
  StateContent,
  StatusContent,
  WhyContent,
  WorkerStatus,
} from './command/replies.ts';
export type { Backend, ProxyRequest, StateRequest } from './command/requests.ts';
export type { BackendSnapshot, BreakerState, WorkerSnapshot } from './command/snapshots.ts';
export { ProxyError, type ProxyErrorCode } from './shared/errors.ts';
export { socketEndpoint } from './shared/socket-path.ts';
