/** One line per request into the file, or the pipe, that the settings name. */
import type { DataPlaneSettings } from '../command/requests.ts';
import { asciiLines } from './ascii-line.ts';
import { jsonLines } from './json-line.ts';
import { LineFile } from './line-file.ts';
import { LogClock } from './log-clock.ts';
import type { LineFormat, LoggedRequest } from './logged-request.ts';

export type AccessLogSettings = NonNullable<DataPlaneSettings['accessLog']>;

export interface AccessLogOptions {
  readonly settings: AccessLogSettings;
  readonly workerId: number;
  /** Where `stdout` is for this process. */
  readonly stdout: number;
  readonly onTrouble: (cause: string) => void;
  readonly onRecovered: (dropped: number) => void;
}

export class AccessLog {
  readonly settings: AccessLogSettings;
  linesWritten = 0;
  private readonly format: LineFormat;
  private readonly file: LineFile;

  constructor({ settings, workerId, stdout, onTrouble, onRecovered }: AccessLogOptions) {
    this.settings = settings;
    const clock = new LogClock();
    this.format =
      settings.format === 'json'
        ? jsonLines(workerId, clock)
        : asciiLines(workerId, process.pid, clock);
    const target = settings.target === 'stdout' ? { fd: stdout } : settings.target;
    this.file = new LineFile({ target, onTrouble, onRecovered });
  }

  get linesDropped(): number {
    return this.file.linesDropped;
  }

  write(request: LoggedRequest, listener: string, endedAt: number): void {
    this.linesWritten++;
    this.file.write(this.format(request, listener, endedAt));
  }

  reopen(): void {
    this.file.reopen();
  }

  close(deadlineMs: number): Promise<void> {
    return this.file.close(deadlineMs);
  }
}
