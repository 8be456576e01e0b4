/** The proxy that everything happens to: a real main process with two workers, started by its command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type CommandClient,
  connectCommand,
  type ProxyRequest,
  type ReplyTo,
  type StatusContent,
} from '../../proxy/index.ts';
import { carrying, send, until } from './processes.ts';

export const CLUSTER = 'chaos';
export const HOST = 'chaos.test';
export const WORKERS = 2;

/** The built proxy of this project. */
export const OWN_ENTRY: string = path.resolve(import.meta.dirname, '../../bin/relais.js');
/** A loaded computer is slow, and speed is judged elsewhere. */
const START_MS = 30_000;
const REPLY_MS = 30_000;
const MARK = 'RELAIS_CHAOS';
/** There are hundreds of them. */
const CHANGES = /event \{"kind":"(backend|cluster|frontend|settings)-/;

export interface ProxyPlace {
  readonly entry: string;
  readonly folder: string;
  readonly port: number;
  /** Addresses by the id of the backend. */
  readonly backends: Readonly<Record<string, string>>;
  /** Lines of TOML at the top of the configuration. */
  readonly settings: string;
}

export class ChaosProxy {
  readonly configFile: string;
  readonly socket: string;
  readonly listener: string;
  readonly port: number;
  readonly folder: string;
  private readonly place: ProxyPlace;
  private readonly logFile: string;
  private client: CommandClient | undefined = undefined;

  constructor(place: ProxyPlace) {
    this.place = place;
    this.port = place.port;
    this.folder = place.folder;
    this.listener = `127.0.0.1:${place.port}`;
    this.configFile = path.join(place.folder, 'relais.toml');
    this.socket = path.join(place.folder, 'sock');
    this.logFile = path.join(place.folder, 'log');
  }

  /** Runs `relais start`; resolves when all workers serve. */
  async start(): Promise<void> {
    const log = openSync(this.logFile, 'a');
    const child = spawn(
      process.execPath,
      [this.place.entry, 'start', '-c', this.configFile],
      // Of a group of its own: Ctrl-C is for the chaos run, which then ends the proxy.
      { stdio: ['ignore', log, log], detached: true, env: this.env() },
    );
    closeSync(log);
    await until('the proxy serves', () => this.isServing(child), START_MS);
  }

  /** The configuration, for the start and for reloads; `more` is put behind it. */
  async writeConfig(more = ''): Promise<void> {
    await writeFile(this.configFile, this.configText() + more);
  }

  /** `addresses`: of other backends, by id. */
  configText(addresses: Readonly<Record<string, string>> = this.place.backends): string {
    const backends = Object.entries(addresses).map(
      ([id, address]) => `{ address = "${address}", backend_id = "${id}" }`,
    );
    return `command_socket = "./sock"
worker_count = ${WORKERS}
log_level = "info"
access_logs_target = "file://access.log"
${this.place.settings}
[[listeners]]
address = "${this.listener}"
protocol = "http"
[clusters.${CLUSTER}]
protocol = "http"
frontends = [{ address = "${this.listener}", hostname = "${HOST}" }]
backends = [${backends.join(', ')}]
`;
  }

  async send<R extends ProxyRequest>(request: R): Promise<ReplyTo<R>> {
    this.client ??= await connectCommand(this.socket);
    return this.client.send(request, { timeoutMs: REPLY_MS });
  }

  /** Rejects when the answer is not "ok". */
  async change(request: ProxyRequest): Promise<void> {
    const reply = await this.send(request);
    if (reply.status !== 'ok') throw new Error(`${request.kind} was refused: ${reply.message}`);
  }

  /** Over a connection of its own: it works whichever main process is there. */
  async status(): Promise<StatusContent> {
    const client = await connectCommand(this.socket);
    try {
      const { content, message } = await client.send({ kind: 'status' }, { timeoutMs: REPLY_MS });
      if (content === undefined) throw new Error(`no status: ${message}`);
      return content;
    } finally {
      client.close();
    }
  }

  /** The main process is another one, or will be: the next request opens a new connection. */
  hangUp(): void {
    this.client?.close();
    this.client = undefined;
  }

  /** Of the workers that serve, in the order of their start. */
  async workerPids(): Promise<number[]> {
    return (await this.serving()).map(({ pid }) => pid);
  }

  /** In the same order. */
  async workerIds(): Promise<number[]> {
    return (await this.serving()).map(({ workerId }) => workerId);
  }

  /** As many workers as configured serve, none of these among them. */
  async fullStrength(without: readonly number[] = []): Promise<void> {
    await until(
      'all workers serve again',
      async () => {
        const pids = await this.workerPids().catch((): number[] => []);
        return pids.length === WORKERS && pids.every(pid => !without.includes(pid));
      },
      START_MS,
    );
  }

  /** Runs the command line to its end, as a person does: all it printed, and the exit code. */
  run(...parameters: string[]): Promise<{ readonly code: number | null; readonly text: string }> {
    const child = spawn(
      process.execPath,
      [this.place.entry, '-c', this.configFile, ...parameters],
      { stdio: ['ignore', 'pipe', 'pipe'], env: this.env() },
    );
    let text = '';
    const listen = (piece: string): void => {
      text += piece;
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', code => resolve({ code, text: text.trim() }));
    });
  }

  /** Asks it to end. Resolves with what is still there after a while, which is nothing when all is well. */
  async stop(): Promise<number[]> {
    const asked = await this.send({ kind: 'soft-stop' }).catch((error: Error) => error);
    this.hangUp();
    if (asked instanceof Error) return this.left();
    await until('the proxy has ended', async () => (await this.left()).length === 0).catch(
      () => undefined,
    );
    return this.left();
  }

  /** Ends whatever of it is there, started by whomever. */
  async kill(): Promise<void> {
    this.hangUp();
    await until('the proxy is gone', async () => {
      const left = await this.left();
      for (const pid of left) send(pid, 'SIGKILL');
      return left.length === 0;
    });
  }

  /** The last lines of its log, but for changes. */
  async lastWords(): Promise<string> {
    const log = await readFile(this.logFile, 'utf8').catch(() => '');
    const told = log.split('\n').filter(line => line !== '' && !CHANGES.test(line));
    return told.slice(-30).join('\n');
  }

  left(): Promise<number[]> {
    return carrying(`${MARK}=${this.folder}`);
  }

  private async serving(): Promise<StatusContent['workers']> {
    const { workers } = await this.status();
    const found = workers.filter(worker => worker.runState === 'running');
    return found.sort((a, b) => a.workerId - b.workerId);
  }

  private env(): NodeJS.ProcessEnv {
    return { ...process.env, [MARK]: this.folder };
  }

  private async isServing(child: ChildProcess): Promise<boolean> {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the proxy ended at its start: ${await this.lastWords()}`);
    }
    const pids = await this.workerPids().catch((): number[] => []);
    return pids.length === WORKERS;
  }
}
