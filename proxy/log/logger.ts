/** One line per happening: time, level, message. */
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { LOG_LEVELS, type LogLevel } from '../shared/log-level.ts';

export interface Logger {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

/** Beyond this the reader of the log has stopped: lines are counted instead of kept. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** `level` and `current`: how much is said now, and where a line goes. */
export function createLogger(level: () => LogLevel, current: () => Writable): Logger {
  let dropped = 0;
  function write(at: LogLevel, message: string): void {
    if (LOG_LEVELS.indexOf(at) > LOG_LEVELS.indexOf(level())) return;
    const out = current();
    if (out.writableLength > MAX_WAITING_BYTES) {
      dropped += 1;
      return;
    }
    if (dropped > 0) out.write(line('warn', `${dropped} log lines were dropped`));
    dropped = 0;
    out.write(line(at, message));
  }
  return {
    error: message => write('error', message),
    warn: message => write('warn', message),
    info: message => write('info', message),
    debug: message => write('debug', message),
  };
}

export interface LogFile {
  readonly current: () => Writable;
  /** It may have been moved away: the next line goes to the file at the path. */
  readonly reopen: () => void;
}

/** A file that cannot be written must not stop the proxy: its errors are told and that is all. */
export function openLogFile(file: string, onError: (error: Error) => void): LogFile {
  function opened(): Writable {
    return createWriteStream(file, { flags: 'a', mode: 0o640 }).on('error', onError);
  }
  let stream = opened();
  return {
    current: () => stream,
    reopen: () => {
      stream.end();
      stream = opened();
    },
  };
}

function line(level: LogLevel, message: string): string {
  return `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${oneLine(message)}\n`;
}

/** A line break in a message, which may come from outside, must not forge a line. */
function oneLine(message: string): string {
  return message.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
