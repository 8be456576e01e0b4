/** Where the log of the main process goes and how much of it; both may change while it runs. */
import { isDeepStrictEqual } from 'node:util';
import type { LogTarget } from '../command/requests.ts';
import type { LogLevel } from '../shared/log-level.ts';
import { type LogFile, openLogFile } from './logger.ts';

export interface LogSettings {
  /** Default `info`. */
  readonly logLevel?: LogLevel;
  /** Default `stdout`. */
  readonly logTarget?: LogTarget;
}

export class ProcessLog implements LogFile {
  level: LogLevel;
  readonly #stdout: LogStream;
  readonly #onError: (error: Error) => void;
  #target: LogTarget;
  #file: LogFile | undefined;

  constructor(settings: LogSettings, stdout: LogStream, onError: (error: Error) => void) {
    const { logLevel = 'info', logTarget = 'stdout' } = settings;
    this.#stdout = stdout;
    this.#onError = onError;
    this.level = logLevel;
    this.#target = logTarget;
    this.#file = this.#open();
  }

  current(): LogStream {
    return this.#file?.current() ?? this.#stdout;
  }

  reopen(): void {
    this.#file?.reopen();
  }

  configure({ logLevel = 'info', logTarget = 'stdout' }: LogSettings): void {
    this.level = logLevel;
    if (isDeepStrictEqual(logTarget, this.#target)) return;
    this.#file?.current().end();
    this.#target = logTarget;
    this.#file = this.#open();
  }

  #open(): LogFile | undefined {
    return this.#target === 'stdout' ? undefined : openLogFile(this.#target.file, this.#onError);
  }
}

type LogStream = ReturnType<LogFile['current']>;
