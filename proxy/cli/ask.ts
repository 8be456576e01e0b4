/** Finds the running proxy, sends one request, says how it went. */
import { type CommandClient, connectCommand } from '../command/client.ts';
import type { Reply, ReplyTo } from '../command/replies.ts';
import type { ProxyRequest } from '../command/requests.ts';
import { findCommandSocket } from '../config/load.ts';
import { ProxyError } from '../shared/errors.ts';
import { EXIT_FAILURE, EXIT_USAGE, Exit, type Terminal } from './terminal.ts';

/** The options that every verb takes, before or after it. */
export interface GlobalOptions {
  readonly config?: string;
  readonly socket?: string;
  readonly timeout?: number;
  readonly json?: boolean;
  /** Only say what would happen. */
  readonly dryRun?: boolean;
}

export interface AskOptions extends GlobalOptions {
  /** Without --timeout; 0 waits for ever. */
  readonly defaultTimeoutMs?: number;
}

/**
 * `show`: the content for people; `--json` prints the content itself. `showStep`: of a `processing`
 * reply, what its message does not say.
 */
export async function ask<R extends ProxyRequest>(
  terminal: Terminal,
  options: AskOptions,
  request: R,
  show: (reply: ReplyTo<R>) => string = () => '',
  showStep: (reply: Reply) => string = () => '',
): Promise<void> {
  const reply = await askFor(terminal, options, request, showStep);
  if (options.json === true) terminal.out(`${JSON.stringify(reply.content ?? {}, null, 2)}\n`);
  else terminal.out(`Success: ${reply.message}\n${show(reply)}`);
}

/** Ends the verb when the proxy says no. */
export async function askFor<R extends ProxyRequest>(
  terminal: Terminal,
  options: AskOptions,
  request: R,
  showStep: (reply: Reply) => string = () => '',
): Promise<ReplyTo<R>> {
  const client = await reach(terminal, options);
  try {
    const reply = await client.send(request, {
      dryRun: options.dryRun === true,
      timeoutMs: options.timeout ?? options.defaultTimeoutMs ?? 10_000,
      onProcessing: step => terminal.err(`Processing: ${step.message}\n${showStep(step)}`),
    });
    if (reply.status !== 'ok') fail(terminal, reply.message);
    return reply;
  } catch (error) {
    throw told(terminal, error);
  } finally {
    client.close();
  }
}

export async function reach(terminal: Terminal, options: GlobalOptions): Promise<CommandClient> {
  try {
    return await connectCommand(socketPath(terminal, options));
  } catch (error) {
    throw told(terminal, error);
  }
}

export function fail(terminal: Terminal, message: string): never {
  terminal.err(`Failure: ${message}\n`);
  throw new Exit(EXIT_FAILURE);
}

export function socketPath(terminal: Terminal, { socket, config }: GlobalOptions): string {
  if (socket !== undefined) return socket;
  if (config === undefined) {
    terminal.err('error: which proxy? Name its config file (-c FILE) or its socket (-s PATH)\n');
    throw new Exit(EXIT_USAGE);
  }
  const found = findCommandSocket(config);
  if (!found.ok) throw found.error;
  return found.value;
}

/** Expected errors are told as sentences; anything else is our bug and keeps its stack. */
function told(terminal: Terminal, error: unknown): unknown {
  if (!(error instanceof ProxyError)) return error;
  terminal.err(`Failure: ${error.message}\n`);
  return new Exit(EXIT_FAILURE);
}
