/** Starts a machine's app and waits until it accepts connections. */
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import { waitUntil } from '../programs/deadline.ts';
import { startProgram } from '../programs/detached-program.ts';
import { type Marks, partMarks } from '../programs/marked-processes.ts';
import { isAlive } from '../programs/process-identity.ts';
import { logLength, logTail } from '../programs/program-log.ts';
import type { Fabric } from './fabric.ts';

const LISTENS_WITHIN_MS = 15_000;

/** The record with the app that was just started. */
export async function launchApp(
  fabric: Fabric,
  lease: LeaseFolder,
  record: MachineRecord,
  marks: Marks,
): Promise<MachineRecord> {
  const { spec } = record;
  const logFile = lease.logFile(spec.name);
  const logStart = logLength(logFile);
  const address = fabric.address(spec, record.forwardedPort);
  const started = await startProgram({
    title: `the forwarded port of ${spec.name}`,
    argv: fabric.onMachine(record, [process.execPath, spec.app.file]),
    env: {
      ...spec.app.env,
      ...partMarks(marks, spec.name, 'app'),
      HOST: address.host,
      PORT: String(address.port),
      VERSION: spec.app.version,
    },
    logFile,
    sockets: fabric.forwardsPort ? [{ host: '127.0.0.1', port: record.forwardedPort }] : [],
  });
  return {
    ...record,
    app: started.process,
    logStart,
    forwardedPort: started.bound[0]?.port ?? record.forwardedPort,
    failures: record.failures.filter(failure => failure === 'blackhole'),
  };
}

export async function awaitListening(
  fabric: Fabric,
  lease: LeaseFolder,
  record: MachineRecord,
  signal?: AbortSignal,
): Promise<void> {
  const { name, app } = record.spec;
  let died = false;
  const listens = await waitUntil(
    async () => {
      died = !isAlive(record.app);
      return died || (await fabric.isListening(record));
    },
    { deadlineMs: LISTENS_WITHIN_MS, signal },
  );
  if (listens && !died) return;
  const what = died ? 'ended at once' : `does not listen after ${LISTENS_WITHIN_MS / 1000} s`;
  const printed = logTail(lease.logFile(name), record.logStart);
  throw new MachineError(
    'VM_APP_FAILED',
    `The app of ${name} (${app.file}) ${what}. The end of its log:\n${printed}`,
  );
}
