/** The worker process: takes orders from the main process, carries them to the data plane. */
import type { Socket } from 'node:net';
import type { EventBody } from '../command/events.ts';
import type { StateRequest } from '../command/requests.ts';
import type {
  ClientMessage,
  MasterMessage,
  WorkerMessage,
  WorkerOptions,
  WorkerReply,
} from '../command/worker-messages.ts';
import type { GiveClient, IdleClient } from '../net/listener/listener.ts';
import type { SocketHandle } from '../net/socket/wire.ts';
import { assertNever } from '../shared/assert-never.ts';
import { endingSignals, HERE } from '../shared/platform.ts';
import { err, type Result } from '../shared/result.ts';
import { ContentDigest } from '../state/content-digest.ts';
import { receiveClients } from './client-receiver.ts';
import { DataPlane } from './data-plane.ts';
import { Orphan } from './orphan.ts';
import { StateJournal } from './state-journal.ts';

/** A worker that has no place any more finishes what it has, but not for ever. */
const LAST_DEADLINE_MS = 30_000;
/** Nor does one whose state may be damaged. */
const CRASH_DEADLINE_MS = 10_000;

type Question = Exclude<
  MasterMessage,
  { type: 'limit' | 'breaker' | 'reopen-log' | 'remember' | 'settled' }
>;
type Outcome = Omit<Extract<WorkerReply, { ok: true }>, 'type' | 'seq'> | Failure;
type Failure = Omit<Extract<WorkerReply, { ok: false }>, 'type' | 'seq'>;

function tell(message: WorkerMessage, then?: () => void): void {
  // The main process may be gone already: there is nobody left to tell.
  if (process.connected) process.send?.(message, undefined, undefined, () => then?.());
}

const options = JSON.parse(process.argv[2] ?? '') as WorkerOptions;
const { workerId, workers, stdout } = options;

const dataPlane = new DataPlane({
  workerId,
  emit: (event: EventBody) => {
    orphan?.tell(event);
    tell({ type: 'event', event });
  },
  ...(stdout === undefined ? {} : { stdout }),
  ...(workers === 1 ? {} : { sharing: { workers, ask: ask => tell({ type: 'limit', ask }) } }),
});

/** Serving comes first when there is much to be told. */
const SETTLE_AFTER_MS = 2_000;
const content = new ContentDigest();
let settling: NodeJS.Timeout | undefined;

function settle(): void {
  settling = undefined;
  void content.settle();
}
const journal = new StateJournal();

async function obey(message: Question, handle: unknown): Promise<Outcome> {
  switch (message.type) {
    case 'apply':
      if (message.remember === true) journal.add(message.requests);
      return applyAll(message.requests);
    case 'listen':
      if (typeof handle !== 'object' || handle === null) return fail('no socket came along');
      await dataPlane.listen(message.address, handle);
      return { ok: true };
    case 'health':
      dataPlane.setHealth(message.changes);
      return { ok: true };
    case 'snapshot':
      return { ok: true, snapshot: dataPlane.snapshot() };
    case 'digest':
      return { ok: true, digest: await content.digest() };
    case 'metrics':
      return { ok: true, metrics: dataPlane.metrics() };
    case 'clear-metrics':
      dataPlane.clearMetrics();
      return { ok: true };
    case 'why':
      return { ok: true, memory: dataPlane.recall(message.requestId) };
    case 'in-flight':
      return { ok: true, inFlight: dataPlane.inFlight() };
    case 'holders':
      return { ok: true, holders: dataPlane.holders(message.place) };
    case 'cut-holders':
      return { ok: true, cutReport: dataPlane.cutHolders(message.place) };
    case 'drain':
      return { ok: true, cut: await dataPlane.drain(message.deadlineMs, giver(message.giveIdle)) };
    case 'client':
      if (typeof handle !== 'object' || handle === null) return fail('no connection came along');
      takeOrClose({ ...message, handle: handle as SocketHandle });
      return { ok: true };
    case 'receive':
      await receiveClients({ place: message.place, take: client => dataPlane.take(client) });
      return { ok: true };
    case 'ping':
      return { ok: true };
    default:
      return assertNever(message);
  }
}

function takeOrClose(client: IdleClient): void {
  if (!dataPlane.take(client)) client.handle.close();
}

/** Sends idle clients to the main process. Its descriptor is closed here once it is on its way. */
function giver(isWanted = false): GiveClient | undefined {
  if (!isWanted) return undefined;
  return ({ handle, address, kept }) => {
    const message: ClientMessage = { type: 'client', address, kept };
    // The types know net.Server and net.Socket only; the runtime takes a bare handle as well.
    const passed = handle as unknown as Socket;
    if (process.connected) process.send?.(message, passed, undefined, () => handle.close());
    else handle.close();
    return Promise.resolve(true);
  };
}

/** Stops at the first that is refused: the main process brings everything back in line. */
function applyAll(requests: Extract<MasterMessage, { type: 'apply' }>['requests']): Outcome {
  for (const [index, request] of requests.entries()) {
    const applied = applyOne(request);
    if (!applied.ok) return { ...fail(applied.error.message), applied: index };
    content.record(request);
    if (settling === undefined) settling = setTimeout(settle, SETTLE_AFTER_MS).unref();
  }
  return { ok: true };
}

function applyOne(request: StateRequest): Result<undefined, Error> {
  try {
    return dataPlane.apply(request);
  } catch (error) {
    return err(error instanceof Error ? error : new Error(String(error)));
  }
}

function fail(message: string, cause?: unknown): Failure {
  const errno = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof errno === 'string' ? { ok: false, message, errno } : { ok: false, message };
}

async function receive(message: Question, handle: unknown): Promise<void> {
  let outcome: Outcome;
  try {
    outcome = await obey(message, handle);
  } catch (error) {
    outcome = fail(error instanceof Error ? error.message : String(error), error);
  }
  const isEnd = message.type === 'drain';
  tell({ type: 'reply', seq: message.seq, ...outcome }, isEnd ? () => process.exit(0) : undefined);
}

/** What it has in hand is finished, but not for ever. */
async function finishAndEnd(exitCode: number, deadlineMs: number): Promise<void> {
  await dataPlane.drain(deadlineMs);
  process.exit(exitCode);
}

let isSettled = false;
let hasCrashed = false;
let orphan: Orphan | undefined;

/** The main process is gone. */
function goOnAlone(): void {
  if (!isSettled || hasCrashed || dataPlane.draining) {
    void finishAndEnd(0, LAST_DEADLINE_MS);
    return;
  }
  orphan = new Orphan({
    workerId,
    commandSocket: options.commandSocket,
    timeoutMs: options.orphanTimeoutMs,
    requests: () => journal.requests(),
    listeners: () => dataPlane.listening(),
    drain: (deadlineMs, give) => dataPlane.drain(deadlineMs, give),
    exit: () => process.exit(0),
  });
  void orphan.begin();
}

/** State may be damaged where an error was thrown that nobody expected: another worker goes on. */
function crash(cause: unknown): void {
  const error = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  tell({ type: 'crashed', error });
  if (hasCrashed) return;
  hasCrashed = true;
  void finishAndEnd(1, CRASH_DEADLINE_MS);
}

process.on('message', (received, handle) => {
  const message = received as MasterMessage;
  if (message.type === 'limit') dataPlane.obey(message.order);
  else if (message.type === 'breaker') dataPlane.hearBreaker(message.news);
  else if (message.type === 'reopen-log') dataPlane.reopenLog();
  else if (message.type === 'remember') journal.add(message.requests);
  else if (message.type === 'settled') {
    isSettled = true;
    journal.settled();
  } else void receive(message, handle);
});
process.on('disconnect', goOnAlone);
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
// Ctrl-C reaches the whole process group: the main process alone decides what it means.
for (const signal of [...endingSignals(HERE), 'SIGHUP'] as const) {
  process.on(signal, () => undefined);
}
