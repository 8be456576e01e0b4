/**
 * Appends lines to a file, or to a pipe, without ever making its caller wait. Lines are collected
 * into blocks and each block is one write; several processes may share the file:
 *
 *     line line line ──▶ block (64 KiB, or what came in 200 ms) ──▶ one write with O_APPEND
 *
 * The kernel does one append to a file at a time, so whole blocks stay whole. In a pipe only
 * PIPE_BUF bytes do: there a write ends with the last line that fits. When the reader stops or the
 * disk is full, blocks wait up to a limit; then lines are dropped and counted.
 */
import { close, constants, fstat, open, type Stats, stat, write } from 'node:fs';
import { promisify } from 'node:util';

export interface LineFileOptions {
  /** A path, or a descriptor that is open already. */
  readonly target: { readonly file: string } | { readonly fd: number };
  /** Lines cannot be written now; told once until `onRecovered`. */
  readonly onTrouble: (cause: string) => void;
  /** Lines are written again; this many were lost meanwhile. */
  readonly onRecovered: (dropped: number) => void;
  readonly maxWaitingBlocks?: number;
}

const BLOCK_BYTES = 64 * 1024;
const MAX_WAITING_BLOCKS = 64;
const FLUSH_AFTER_MS = 200;
/** POSIX: a write of at most this many bytes into a pipe is not mixed with others. */
const PIPE_BUF = 4096;
const RETRY_AFTER_MS = 250;
/** A reader that is merely slow makes room soon. */
const RETRY_FULL_AFTER_MS = 10;
/** How often it is looked whether the file is still the one at its path. */
const LOOK_AFTER_MS = 1000;
const LF = 0x0a;

/** A named pipe without a reader must not block the open, nor a full one the write. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify(stat) as (file: string) => Promise<Stats>;
const statFd = promisify(fstat) as (fd: number) => Promise<Stats>;
const writeBytes = promisify(write) as (
  fd: number,
  bytes: Buffer,
  start: number,
  length: number,
) => Promise<{ bytesWritten: number }>;

interface Block {
  readonly bytes: Buffer;
  end: number;
  /** What is in front of it has been written. */
  at: number;
}

export class LineFile {
  linesDropped = 0;
  private readonly options: LineFileOptions;
  private readonly maxWaiting: number;
  private block: Block = newBlock();
  private readonly waiting: Block[] = [];
  private spare: Block | undefined = undefined;
  private flushTimer: NodeJS.Timeout | undefined = undefined;
  private writing: Promise<void> | undefined = undefined;
  private fd = -1;
  private isPipe = false;
  private inode = 0;
  private lookedAt = 0;
  private mustReopen = false;
  private troubled = false;
  private droppedSince = 0;
  private closing = false;

  constructor(options: LineFileOptions) {
    this.options = options;
    this.maxWaiting = options.maxWaitingBlocks ?? MAX_WAITING_BLOCKS;
  }

  /** `line` is ASCII and ends with a line end. */
  write(line: string): void {
    const { block } = this;
    if (block.end + line.length > BLOCK_BYTES && !this.turnOver(line)) return;
    const room = this.block;
    room.end += room.bytes.write(line, room.end, 'latin1');
    if (this.flushTimer === undefined) this.startTimer();
  }

  /** The file may have been moved away: the next block goes to the one at the path. */
  reopen(): void {
    this.mustReopen = true;
  }

  /** Writes what there is; after `deadlineMs` it gives up and what is left counts as dropped. */
  async close(deadlineMs: number): Promise<void> {
    this.closing = true;
    clearTimeout(this.flushTimer);
    this.flush();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>(resolve => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([this.writing, deadline]);
    clearTimeout(timer);
    for (const block of [...this.waiting.splice(0), this.block]) this.drop(countLines(block));
    this.block.end = 0;
    this.endTrouble();
    if (this.fd >= 0 && 'file' in this.options.target) await closeFile(this.fd).catch(() => {});
    this.fd = -1;
  }

  /** False: there is no room, and the line is dropped. */
  private turnOver(line: string): boolean {
    if (line.length > BLOCK_BYTES || this.waiting.length >= this.maxWaiting) {
      this.drop(1);
      return false;
    }
    this.flush();
    return true;
  }

  private startTimer(): void {
    this.flushTimer = setTimeout(() => {
      this.flushTimer = undefined;
      this.flush();
    }, FLUSH_AFTER_MS);
  }

  private flush(): void {
    if (this.block.end > 0 && this.waiting.length < this.maxWaiting) {
      this.waiting.push(this.block);
      this.block = this.spare ?? newBlock();
      this.spare = undefined;
    }
    if (this.waiting.length === 0) return;
    this.writing ??= this.writeWaiting().finally(() => {
      this.writing = undefined;
    });
  }

  private async writeWaiting(): Promise<void> {
    for (let block = this.waiting[0]; block !== undefined; block = this.waiting[0]) {
      while (block.at < block.end) {
        try {
          await this.makeReady();
          block.at += await this.writeSome(block);
          this.endTrouble();
        } catch (error) {
          this.beginTrouble(error);
          await waitMs(isFull(error) || this.closing ? RETRY_FULL_AFTER_MS : RETRY_AFTER_MS);
        }
        if (this.waiting[0] !== block) return;
      }
      this.waiting.shift();
      block.end = 0;
      block.at = 0;
      this.spare = block;
    }
  }

  private async writeSome(block: Block): Promise<number> {
    const end = this.isPipe ? lastLineEnd(block) : block.end;
    const { bytesWritten } = await writeBytes(this.fd, block.bytes, block.at, end - block.at);
    return bytesWritten;
  }

  private async makeReady(): Promise<void> {
    const { target } = this.options;
    if ('fd' in target) {
      if (this.fd >= 0) return;
      if (target.fd < 0) throw new Error('this worker began without it; restart the proxy');
      this.remember(target.fd, await statFd(target.fd));
      return;
    }
    if (this.fd >= 0 && !(await this.isElsewhere(target.file))) return;
    if (this.fd >= 0) await closeFile(this.fd).catch(() => {});
    this.fd = -1;
    this.mustReopen = false;
    const fd = await openFile(target.file, FLAGS, 0o640);
    this.remember(fd, await statFd(fd));
  }

  private remember(fd: number, { ino, ...stats }: Stats): void {
    this.fd = fd;
    this.inode = ino;
    this.isPipe = (stats.mode & constants.S_IFMT) !== constants.S_IFREG;
    this.lookedAt = performance.now();
  }

  private async isElsewhere(file: string): Promise<boolean> {
    if (this.mustReopen) return true;
    const now = performance.now();
    if (now - this.lookedAt < LOOK_AFTER_MS) return false;
    this.lookedAt = now;
    const there = await statFile(file).catch(() => undefined);
    return there === undefined || there.ino !== this.inode;
  }

  private drop(lines: number): void {
    this.linesDropped += lines;
    this.droppedSince += lines;
  }

  private beginTrouble(error: unknown): void {
    // There is room for a while: a full pipe is trouble only when lines have to be dropped.
    if (this.troubled || (isFull(error) && this.waiting.length < this.maxWaiting)) return;
    this.troubled = true;
    const why = error instanceof Error ? error.message : String(error);
    this.options.onTrouble(isFull(error) ? 'its reader has stopped' : why);
  }

  /** One regime, however often it drops: it ends when half of the room is free again. */
  private endTrouble(): void {
    if (!this.troubled && this.droppedSince === 0) return;
    if (this.waiting.length > this.maxWaiting / 2) return;
    this.troubled = false;
    this.options.onRecovered(this.droppedSince);
    this.droppedSince = 0;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}

function newBlock(): Block {
  return { bytes: Buffer.allocUnsafeSlow(BLOCK_BYTES), end: 0, at: 0 };
}

/** Whole lines that fit into one undivided write; a line that is longer goes alone. */
function lastLineEnd({ bytes, at, end }: Block): number {
  if (end - at <= PIPE_BUF) return end;
  const last = bytes.lastIndexOf(LF, at + PIPE_BUF - 1);
  return last >= at ? last + 1 : bytes.indexOf(LF, at) + 1;
}

function countLines({ bytes, at, end }: Block): number {
  let lines = 0;
  for (let i = at; i < end; i++) if (bytes[i] === LF) lines++;
  return lines;
}

function waitMs(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
