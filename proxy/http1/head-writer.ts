/**
 * Puts heads together: bytes of the received head are copied in runs, own lines go in between. All
 * are built in one scratch buffer and leave as a copy, so that nobody waits for a socket's write.
 */
import type { Head } from './head.ts';

/** Largest received head, plus joined X-Forwarded-For and Forwarded fields, plus own lines. */
const SCRATCH_BYTES = 160 * 1024;

export class HeadWriter {
  private readonly scratch: Buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  private at = 0;

  begin(): void {
    this.at = 0;
  }

  text(latin1: string): void {
    this.at += this.scratch.write(latin1, this.at, 'latin1');
  }

  copy(bytes: Buffer, start: number, end: number): void {
    this.at += bytes.copy(this.scratch, this.at, start, end);
  }

  /** Field lines of the head in as few runs as possible. `drop` is 1 for numbers that stay out. */
  fields(head: Head, drop: Uint8Array): void {
    let runStart = head.fieldsStart;
    for (let i = 0; i < head.count; i++) {
      if (drop[head.id[i] as number] !== 1 && head.named[i] === 0) continue;
      const lineStart = head.lineStart[i] as number;
      if (lineStart > runStart) this.copy(head.bytes, runStart, lineStart);
      runStart = head.lineEnd[i] as number;
    }
    const end = head.end - 2;
    if (end > runStart) this.copy(head.bytes, runStart, end);
  }

  /** What was written, followed by body bytes that travel with it. */
  take(body: Buffer, start: number, end: number): Buffer {
    const length = this.at + (end - start);
    const out = Buffer.allocUnsafe(length);
    this.scratch.copy(out, 0, 0, this.at);
    if (end > start) body.copy(out, this.at, start, end);
    return out;
  }
}
