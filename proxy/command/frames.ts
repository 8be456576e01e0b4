/** Cuts a byte stream into messages: one per line, or one per NUL as the 2017 tools wrote them. */
import { ProxyError } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** Room for an answer page in a request; far below what would hurt. */
export const MAX_FRAME_BYTES: number = 1024 * 1024;

const FIRST_ROOM_BYTES = 4096;

export class FrameSplitter {
  readonly #limit: number;
  /** The begin of a message whose end has not come: one piece, also when it comes byte by byte. */
  #held: Buffer = Buffer.alloc(0);
  #size = 0;

  constructor(limit: number = MAX_FRAME_BYTES) {
    this.#limit = limit;
  }

  /** True between the first byte of a message and its end. */
  get isPartial(): boolean {
    return this.#size > 0;
  }

  /** Empty messages are skipped. After an error the stream has no meaning any more: close it. */
  push(chunk: Buffer): Result<Buffer[], ProxyError> {
    const frames: Buffer[] = [];
    let start = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      if (chunk[index] !== 0x0a && chunk[index] !== 0) continue;
      const end = chunk.subarray(start, index);
      if (this.#size + end.length > this.#limit) return err(tooLarge(this.#limit));
      const frame = this.#size === 0 ? end : this.#complete(end);
      if (frame.length > 0) frames.push(frame);
      start = index + 1;
    }
    const rest = chunk.subarray(start);
    if (this.#size + rest.length > this.#limit) return err(tooLarge(this.#limit));
    this.#hold(rest);
    return ok(frames);
  }

  #complete(end: Buffer): Buffer {
    this.#hold(end);
    const frame = this.#held.subarray(0, this.#size);
    this.#held = Buffer.alloc(0);
    this.#size = 0;
    return frame;
  }

  #hold(part: Buffer): void {
    if (part.length === 0) return;
    const needed = this.#size + part.length;
    if (needed > this.#held.length) {
      const room = Buffer.allocUnsafeSlow(
        Math.max(needed, this.#held.length * 2, FIRST_ROOM_BYTES),
      );
      this.#held.copy(room, 0, 0, this.#size);
      this.#held = room;
    }
    part.copy(this.#held, this.#size);
    this.#size = needed;
  }
}

export function encodeFrame(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/** Ends for both who read lines and who, as in 2017, wait for a NUL. */
export function encodeOldFrame(message: unknown): string {
  return `${encodeFrame(message)}\0`;
}

function tooLarge(limit: number): ProxyError {
  return new ProxyError('PROXY_REQUEST_INVALID', `a message is larger than ${limit} bytes`);
}
