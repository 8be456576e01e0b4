/** Where a body ends, in bytes that come in any pieces; one per direction and session, reused. */
import { CHUNKED, UNTIL_CLOSE } from './body-framing.ts';
import { ChunkScanner } from './chunk-scanner.ts';

export class BodyReader {
  /** A length, `CHUNKED` or `UNTIL_CLOSE`. */
  framing = 0;
  done = true;
  bad = false;
  /** Bytes of content so far, without the framing of chunks. */
  get size(): number {
    return this.framing === CHUNKED ? (this.chunks?.dataBytes ?? 0) : this.framing - this.remaining;
  }
  private remaining = 0;
  private chunks: ChunkScanner | undefined = undefined;

  start(framing: number): void {
    this.framing = framing;
    this.done = framing === 0;
    this.bad = false;
    this.remaining = framing;
    if (framing !== CHUNKED) return;
    this.chunks ??= new ChunkScanner();
    this.chunks.reset();
  }

  /** Consumes what belongs to the body; the offset behind it. */
  consume(bytes: Buffer, start: number, end: number): number {
    if (this.done || this.bad) return start;
    if (this.framing === UNTIL_CLOSE) return end;
    if (this.chunks !== undefined && this.framing === CHUNKED) {
      const stop = this.chunks.scan(bytes, start, end);
      this.done = this.chunks.done;
      this.bad = this.chunks.bad;
      return stop;
    }
    const run = Math.min(this.remaining, end - start);
    this.remaining -= run;
    this.done = this.remaining === 0;
    return start + run;
  }

  /** As `consume`, for a chunked body whose framing must go: hands out the data alone. */
  unchunk(
    bytes: Buffer,
    start: number,
    end: number,
    data: (from: number, to: number) => void,
  ): number {
    const chunks = this.chunks;
    if (chunks === undefined) return start;
    let at = start;
    while (at < end && !chunks.done && !chunks.bad) {
      const isData = chunks.inData;
      const stop = chunks.step(bytes, at, end);
      if (isData) data(at, stop);
      at = stop;
    }
    this.done = chunks.done;
    this.bad = chunks.bad;
    return at;
  }
}
