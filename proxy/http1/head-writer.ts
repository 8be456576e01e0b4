/**
 * Puts heads together: received lines are taken over in runs, own lines go in between. Heads are
 * Latin-1 text here, one character for each byte, because that is what sockets write fastest.
 */
import { latin1 } from './bytes.ts';
import type { Head } from './head.ts';

export class HeadWriter {
  private out = '';
  /** Of the head that is written: cuts that are done with. */
  private cutsDone = 0;

  begin(): void {
    this.out = '';
  }

  text(own: string): void {
    this.out += own;
  }

  copy(bytes: Buffer, start: number, end: number): void {
    this.out += latin1(bytes, start, end);
  }

  /** Field lines of the head in as few runs as possible. `drop` is 1 for numbers that stay out. */
  fields(head: Head, drop: Uint8Array): void {
    this.cutsDone = 0;
    let runStart = head.fieldsStart;
    for (let i = 0; i < head.count; i++) {
      if (drop[head.id[i] as number] !== 1 && head.named[i] === 0) continue;
      const lineStart = head.lineStart[i] as number;
      if (lineStart > runStart) this.copyRun(head, runStart, lineStart);
      runStart = head.lineEnd[i] as number;
    }
    const end = head.end - 2;
    if (end > runStart) this.copyRun(head, runStart, end);
  }

  /** Whole field lines, but for what is cut out of them. */
  private copyRun(head: Head, start: number, end: number): void {
    const { bytes, cuts } = head;
    let from = start;
    for (
      ;
      this.cutsDone < cuts.length && (cuts[this.cutsDone] as number) < end;
      this.cutsDone += 2
    ) {
      const cutStart = cuts[this.cutsDone] as number;
      // A line that is dropped as a whole takes its cuts along.
      if (cutStart < from) continue;
      this.copy(bytes, from, cutStart);
      from = cuts[this.cutsDone + 1] as number;
    }
    if (end > from) this.copy(bytes, from, end);
  }

  /** What was written, followed by body bytes that travel with it. */
  take(body: Buffer, start: number, end: number): string {
    if (end > start) this.copy(body, start, end);
    return this.out;
  }
}
