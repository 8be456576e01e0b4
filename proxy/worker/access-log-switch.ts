/** Opens and closes the access log of a worker as the settings say. */
import { isDeepStrictEqual } from 'node:util';
import type { EventBody } from '../command/events.ts';
import { AccessLog, type AccessLogSettings } from '../log/access-log.ts';
import type { RequestRecords } from '../net/records/request-records.ts';

export interface AccessLogSwitchOptions {
  readonly records: RequestRecords;
  readonly workerId: number;
  /** The descriptor of `stdout`, if this worker has one. */
  readonly stdout: number | undefined;
  readonly emit: (event: EventBody) => void;
}

/** How long what is left may take to be written when the log ends. */
const CLOSE_DEADLINE_MS = 2000;

/** No descriptor: writing to it fails, and that is told. */
const NO_STDOUT = -1;

export class AccessLogSwitch {
  private readonly options: AccessLogSwitchOptions;

  constructor(options: AccessLogSwitchOptions) {
    this.options = options;
  }

  /** What is open and wanted stays open. */
  configure(settings: AccessLogSettings | undefined): void {
    const { records, workerId, stdout, emit } = this.options;
    const before = records.accessLog;
    if (isDeepStrictEqual(before?.settings, settings)) return;
    records.accessLog =
      settings === undefined
        ? undefined
        : new AccessLog({
            settings,
            workerId,
            stdout: stdout ?? NO_STDOUT,
            onTrouble: cause =>
              emit({
                kind: 'access-log-failing',
                cause: `the access log cannot be written: ${cause}`,
              }),
            onRecovered: dropped =>
              emit({ kind: 'access-log-working', cause: `access log lines dropped: ${dropped}` }),
          });
    void before?.close(CLOSE_DEADLINE_MS);
  }

  /** Resolves when all lines are written, or cannot be. */
  async close(): Promise<void> {
    const { records } = this.options;
    const open = records.accessLog;
    records.accessLog = undefined;
    await open?.close(CLOSE_DEADLINE_MS);
  }
}
