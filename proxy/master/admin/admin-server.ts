/** How others look into the main process and change it: HTTP API, statsd, audit log; all off by default. */
import type { Server } from 'node:http';
import type { AdminApiSettings, AdminSettings } from '../../config/admin-settings.ts';
import type { Logger } from '../../log/logger.ts';
import { formatAddress } from '../../shared/address.ts';
import { ProxyError } from '../../shared/errors.ts';
import type { MainFigures } from '../../telemetry/metrics-view.ts';
import type { CommandHandler } from '../command-socket/command-session.ts';
import { claimSocketPath } from '../command-socket/command-socket.ts';
import { addressInUse } from '../sockets/listening-sockets.ts';
import { AuditLog } from './audit-log.ts';
import { HttpApi } from './http-api.ts';
import type { MasterFigures } from './master-figures.ts';
import { MetricsSource } from './metrics-source.ts';
import type { Origin } from './origin.ts';
import { StatsdSink } from './statsd-sink.ts';

const TAKE_OVER_MS = 10_000;
const TAKE_OVER_RETRY_MS = 20;

export interface AdminOptions {
  readonly settings: AdminSettings;
  readonly version: string;
  readonly logger: Logger;
  /** Answers requests, however they come. */
  readonly handle: CommandHandler;
  readonly figures: () => MasterFigures;
  readonly workers: () => number;
  /** Why no request can be answered now. */
  readonly unready: () => string | undefined;
}

export class AdminServer {
  /** What every way in must use: changes leave a line in the audit log. */
  readonly handle: CommandHandler;
  readonly audit: AuditLog;
  /** Messages that are no request leave a line as well. */
  readonly onInvalid = (origin: Origin, message: string): void => {
    this.audit.invalid(origin, message);
  };
  readonly #options: AdminOptions;
  readonly #api: HttpApi | undefined;
  readonly #statsd: StatsdSink | undefined;

  constructor(options: AdminOptions) {
    const { settings, version, logger, workers, unready, figures } = options;
    this.#options = options;
    this.audit = new AuditLog({ file: settings.auditFile, version, logger, workers });
    this.handle = this.audit.watching(options.handle);
    const metrics = new MetricsSource(this.handle, () => this.#figures());
    const { api, statsd, metricsDetail } = settings;
    if (statsd !== undefined) this.#statsd = new StatsdSink(statsd, metrics, metricsDetail);
    if (api === undefined) return;
    const isStopping = (): boolean => figures().isStopping;
    const { handle, audit } = this;
    const base = { settings: api, handle, audit, metrics, metricsDetail };
    this.#api = new HttpApi({ ...base, unready, isStopping });
  }

  /** Rejects when the address of the API cannot be had. */
  async start(): Promise<void> {
    const listen = this.#options.settings.api?.listen;
    if (this.#api !== undefined && listen !== undefined) await this.#listen(this.#api, listen);
    this.#statsd?.start();
  }

  async #listen(api: HttpApi, listen: AdminApiSettings['listen']): Promise<void> {
    const { server } = api;
    if ('path' in listen) {
      const naming = { what: 'admin socket', key: 'address in [admin]' };
      await claimSocketPath(listen.path, naming, () => server);
    } else {
      await listenOn(server, listen.ip, listen.port);
    }
    api.onListening();
    server.on('error', error => this.#options.logger.error(`admin API: ${error.message}`));
    this.#options.logger.info(`admin API on ${shownAddress(server, listen)}`);
  }

  /** From the process that serves the API until it is told that it is replaced. */
  async takeOver(): Promise<void> {
    const end = performance.now() + TAKE_OVER_MS;
    for (;;) {
      try {
        return await this.start();
      } catch (error) {
        if (performance.now() > end) {
          const why = error instanceof Error ? error.message : String(error);
          this.#options.logger.error(`the admin API is not taken over: ${why}`);
          return;
        }
      }
      await new Promise(resolve => setTimeout(resolve, TAKE_OVER_RETRY_MS));
    }
  }

  /** Another process takes the address; requests that are being answered still are. */
  release(): void {
    this.#statsd?.stop();
    this.#api?.release();
  }

  /** The file of the audit log may have been moved away. */
  reopen(): void {
    this.audit.reopen();
  }

  /** What is written has arrived when it resolves. */
  async stop(): Promise<void> {
    this.#statsd?.stop();
    await this.#api?.close();
    await this.audit.close();
  }

  #figures(): MainFigures {
    const { lines, dropped } = this.audit;
    const { packets = 0, failures = 0 } = this.#statsd ?? {};
    return {
      ...this.#options.figures(),
      version: this.#options.version,
      audit: { lines, dropped },
      statsd: { packets, failures },
      adminAnswers: this.#api?.answers ?? new Map(),
    };
  }
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      const address = formatAddress(host, port);
      const message = `the admin API cannot listen on ${address}: ${cause.message}`;
      const problem = new ProxyError('PROXY_ADDRESS_INVALID', message, cause);
      if (cause.code === 'EADDRINUSE') void addressInUse(address).then(reject);
      else reject(problem);
    };
    server.once('error', refuse);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

function shownAddress(
  server: Server,
  listen: { readonly ip: string } | { readonly path: string },
): string {
  if ('path' in listen) return `unix://${listen.path}`;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${formatAddress(listen.ip, port)}`;
}
