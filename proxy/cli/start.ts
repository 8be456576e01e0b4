/** `relais start`: runs the main process in the foreground until it is told to stop. */
import { statSync } from 'node:fs';
import { type Config, loadConfig } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import { createLogger, type LogFile, type Logger } from '../log/logger.ts';
import { ProcessLog } from '../log/process-log.ts';
import { restoreState } from '../master/files/restore-state.ts';
import { Master } from '../master/master.ts';
import type { MasterOptions } from '../master/master-options.ts';
import { adoptSockets } from '../master/sockets/inherited-sockets.ts';
import { Predecessor } from '../master/succession/predecessor.ts';
import {
  ServiceManager,
  type ServiceManagerOptions,
} from '../master/succession/service-manager.ts';
import { ProxyError } from '../shared/errors.ts';
import { endingSignals, HERE } from '../shared/platform.ts';
import { plural } from '../shared/plural.ts';
import type { Launcher } from './launcher.ts';
import { hasParentLauncher, launchByParent } from './parent-launcher.ts';
import { withRustLog } from './rust-log.ts';
import { EXIT_FAILURE, EXIT_OK, type Terminal } from './terminal.ts';

export interface StartOptions extends Omit<ServeOptions, 'configChangedAt' | 'launcher'> {
  readonly launcher: Launcher;
  readonly config: string;
  readonly expect: readonly string[];
  /** What the variable RUST_LOG says. */
  readonly rustLog?: string | undefined;
}

export interface ServeOptions {
  readonly version: string;
  /** How many sockets were handed over, from descriptor 3 on. */
  readonly inheritedSockets: number;
  /** When the configuration was last changed; milliseconds. 0: unknown. */
  readonly configChangedAt: number;
  /** Where the main process waits that this one is to replace. */
  readonly takeOver?: string | undefined;
  /** Absent: there is no service manager to tell. */
  readonly notify?: Pick<ServiceManagerOptions, 'notifySocket' | 'watchdogUsec'>;
  /** Absent: this process cannot be replaced. */
  readonly launcher?: Launcher;
}

/** The shell's way of saying "ended by Ctrl-C". */
const EXIT_SIGINT = 130;

/** Returns the exit code once the proxy has ended. */
export async function start(terminal: Terminal, options: StartOptions): Promise<number> {
  const config = loadConfig(options.config, { expected: options.expect });
  if (!config.ok) {
    terminal.err(`relais: cannot start\n${config.error.message}\n`);
    if (options.takeOver !== undefined) {
      await Predecessor.refuse(options.takeOver, config.error.message).catch(() => undefined);
    }
    return EXIT_FAILURE;
  }
  const told = withRustLog(config.value, options.rustLog);
  const configChangedAt = statSync(options.config).mtimeMs;
  return serve(terminal, told, { ...options, configChangedAt }, `config file ${options.config}`);
}

/** `origin`: where the configuration comes from, for a sentence about it. */
export async function serve(
  terminal: Terminal,
  config: Config,
  options: ServeOptions,
  origin: string,
): Promise<number> {
  const { settings, warnings, notes } = config;
  const log = openLog(settings, terminal);
  const logger = createLogger(
    () => log.level,
    () => log.current(),
  );
  for (const note of notes) logger.info(note);
  for (const warning of warnings) logger.warn(warning);
  try {
    const restored = restoreState(config);
    if (!restored.ok) throw restored.error;
    for (const warning of restored.value.warnings) logger.warn(warning);
    const service = new ServiceManager({
      ...(options.notify ?? { notifySocket: undefined, watchdogUsec: undefined }),
      pid: process.pid,
      onProblem: message => logger.warn(message),
    });
    const master = new Master({
      service,
      config: { ...config, warnings: [...warnings, ...restored.value.warnings] },
      requests: restored.value.requests,
      logger,
      version: options.version,
      onSettings: changed => log.configure(changed),
      inherited: adoptSockets(options.inheritedSockets),
      configChangedAt: options.configChangedAt,
      takeOver: options.takeOver,
      launch: launchWith(options),
    });
    surviveChannelNoise(logger);
    // Before the first worker exists: an early Ctrl-C must not leave one behind.
    const exitCode = obeySignals(master, { logger, log, service, launcher: options.launcher });
    const addresses = await master.start();
    if (addresses !== undefined) {
      const shown = addresses.map(address => `http://${address}`).join(' ');
      const workers = plural(settings.workerCount, 'worker');
      service.ready();
      terminal.out(`relais: ready, listening on ${shown}, ${workers}\n`);
    }
    await master.stopped;
    return (await options.launcher?.succeeded()) ?? exitCode();
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error;
    const where = error.code === 'PROXY_ADDRESS_IN_USE' ? ` (${origin})` : '';
    terminal.err(`relais: cannot start: ${error.message}${where}\n`);
    return EXIT_FAILURE;
  }
}

function launchWith({ launcher, takeOver }: ServeOptions): MasterOptions['launch'] {
  if (launcher === undefined) return undefined;
  return place =>
    takeOver !== undefined && hasParentLauncher()
      ? launchByParent(place)
      : Promise.resolve(launcher.launch(place));
}

function openLog(settings: Settings, terminal: Terminal): ProcessLog {
  // The access log may go there even when the log does not.
  writeWithoutWaiting(process.stdout);
  return new ProcessLog(settings, process.stdout, error =>
    terminal.err(`relais: the log cannot be written: ${error.message}\n`),
  );
}

/**
 * Node writes to a pipe synchronously: when whoever reads the log stops reading, the whole process
 * would stand still. The bare handle can be told otherwise; the logger then drops lines and counts.
 */
function writeWithoutWaiting(stream: NodeJS.WriteStream): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?: (on: boolean) => void } };
  if (!stream.isTTY) handle?.setBlocking?.(false);
}

/**
 * Node reads the channels of the workers, and throws what it cannot read at nobody in particular.
 * Any other error that nobody caught still ends this process; the workers serve on without it.
 */
function surviveChannelNoise(logger: Logger): void {
  process.on('uncaughtException', error => {
    const isNoise = error instanceof SyntaxError && error.stack?.includes('child_process') === true;
    if (!isNoise) throw error;
    logger.error(`a worker wrote what is no message: ${error.message}`);
  });
}

interface SignalUsers {
  readonly logger: Logger;
  readonly log: LogFile;
  readonly service: ServiceManager;
  readonly launcher: Launcher | undefined;
}

/** First signal to end: finish what runs. Second: end now. SIGHUP, on Unix: log files were moved away. */
function obeySignals(
  master: Master,
  { logger, log, service, launcher }: SignalUsers,
): () => number {
  let first: NodeJS.Signals | undefined;
  for (const signal of endingSignals(HERE)) {
    process.on(signal, () => {
      if (launcher?.pass(signal) === true) return;
      const isFirst = first === undefined;
      first ??= signal;
      logger.info(`${signal}: ${isFirst ? 'soft' : 'hard'} stop`);
      service.stopping();
      void master.stop(isFirst ? {} : 'hard', signal);
    });
  }
  if (HERE === 'win32') return () => (first === 'SIGINT' ? EXIT_SIGINT : EXIT_OK);
  process.on('SIGHUP', () => {
    launcher?.pass('SIGHUP');
    log.reopen();
    master.reopenLogs();
    logger.info('SIGHUP: log files reopened');
  });
  return () => (first === 'SIGINT' ? EXIT_SIGINT : EXIT_OK);
}
