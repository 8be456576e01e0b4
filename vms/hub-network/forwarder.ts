/** Starts the forwarded port of a machine whose app cannot inherit a socket of ours. */
import path from 'node:path';
import { type Endpoint, startProgram } from '../programs/detached-program.ts';
import type { ProcessIdentity } from '../programs/process-identity.ts';

export interface ForwarderSpec {
  /** Of the machine, for messages. */
  readonly name: string;
  /** Where the machine's app listens, as seen from the hub. */
  readonly target: Endpoint;
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Puts a command into the hub. */
  readonly onHub: (argv: readonly string[]) => readonly string[];
  /** Carried by the process; see `partMarks`. */
  readonly marks: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface Forwarder {
  readonly process: ProcessIdentity;
  /** What `port` came to. */
  readonly port: number;
}

/** Listens when it resolves; rejects with VM_PORT_IN_USE and who has the port. Ends by a kill. */
export async function startForwarder(spec: ForwarderSpec): Promise<Forwarder> {
  const { host, port } = spec.target;
  const program = path.join(import.meta.dirname, 'port-forwarder.js');
  const started = await startProgram({
    title: `the forwarded port of ${spec.name}`,
    argv: spec.onHub([process.execPath, program, host, String(port)]),
    env: spec.marks,
    logFile: spec.logFile,
    sockets: [{ host: '127.0.0.1', port: spec.port }],
  });
  return { process: started.process, port: started.bound[0]?.port ?? spec.port };
}
