/**
 * The body of an answer in a framing that the client understands. Most go through as they are; one
 * that ends with the connection is chunked for HTTP/1.1, so that a cut one never looks complete;
 * chunks are taken off for HTTP/1.0.
 */
import { CHUNKED, UNTIL_CLOSE } from './body-framing.ts';
import { BodyReader } from './body-reader.ts';

const LAST_CHUNK = Buffer.from('0\r\n\r\n', 'latin1');

export class AnswerBody {
  private readonly reader = new BodyReader();
  private mode: 'verbatim' | 'chunk' | 'unchunk' = 'verbatim';

  start(framing: number, clientMinorVersion: number): void {
    this.reader.start(framing);
    this.mode = 'verbatim';
    if (framing === UNTIL_CLOSE && clientMinorVersion === 1) this.mode = 'chunk';
    if (framing === CHUNKED && clientMinorVersion === 0) this.mode = 'unchunk';
  }

  get done(): boolean {
    return this.reader.done;
  }

  get bad(): boolean {
    return this.reader.bad;
  }

  /** Bytes may go to the client as they came. */
  get verbatim(): boolean {
    return this.mode === 'verbatim';
  }

  get endsWithConnection(): boolean {
    return this.reader.framing === UNTIL_CLOSE;
  }

  /** The client is told about chunks. */
  get chunkedForClient(): boolean {
    return this.mode === 'chunk' || (this.mode === 'verbatim' && this.reader.framing === CHUNKED);
  }

  /** Nothing but the end of the connection tells an HTTP/1.0 client where this body ends. */
  get closesClient(): boolean {
    return this.mode === 'unchunk' || (this.endsWithConnection && this.mode === 'verbatim');
  }

  consume(bytes: Buffer, start: number, end: number): number {
    return this.reader.consume(bytes, start, end);
  }

  /** Hands over what the client is to get, lent for the call; the offset behind the last byte of the body. */
  relay(bytes: Buffer, start: number, end: number, send: (bytes: Buffer) => void): number {
    if (start === end) return start;
    if (this.mode === 'unchunk') {
      return this.reader.unchunk(bytes, start, end, (from, to) => send(bytes.subarray(from, to)));
    }
    const stop = this.reader.consume(bytes, start, end);
    if (stop > start && !this.reader.bad) {
      send(this.mode === 'chunk' ? chunkOf(bytes, start, stop) : bytes.subarray(start, stop));
    }
    return stop;
  }

  /** The backend closed in order, which ends such a body. What is still to be sent, if anything. */
  endOfConnection(): Buffer | undefined {
    return this.mode === 'chunk' ? LAST_CHUNK : undefined;
  }
}

function chunkOf(bytes: Buffer, start: number, end: number): Buffer {
  const size = `${(end - start).toString(16)}\r\n`;
  const chunk = Buffer.allocUnsafe(size.length + end - start + 2);
  chunk.write(size, 0, 'latin1');
  bytes.copy(chunk, size.length, start, end);
  chunk.write('\r\n', chunk.length - 2, 'latin1');
  return chunk;
}
