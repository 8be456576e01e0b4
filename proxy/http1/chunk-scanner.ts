/**
 * Finds the boundaries of a chunked body (RFC 9112 §7.1) in bytes that come in any pieces.
 *
 *     5;name=value␍␊  hello  ␍␊   0␍␊  Name: value␍␊  ␍␊
 *     size  extension  data  end  last    trailer     end
 *
 * What it accepts is unambiguous, so that a relay may pass the very bytes on: no blanks around a
 * size, no bare CR or LF, no trailer that means something to framing, routing or this proxy.
 */
import { COLON, CR, FIELD_CONTENT, HEX_VALUE, LF, SEMICOLON, TOKEN } from './bytes.ts';
import { type ChunkExtensionState, nextInChunkExtension } from './chunk-extension.ts';
import { MAX_CHUNK_EXTENSIONS, MAX_TRAILERS } from './head-limits.ts';
import { identifyField, OTHER } from './known-fields.ts';

type State =
  | 'size-start'
  | 'size'
  | ChunkExtensionState
  | 'size-end'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer-start'
  | 'trailer-name'
  | 'trailer-value'
  | 'trailer-lf'
  | 'last-lf'
  | 'done'
  | 'bad';

/** 13 hexadecimal digits stay below 2^53. */
const MAX_SIZE_DIGITS = 13;

export class ChunkScanner {
  /** Of all chunks so far. */
  dataBytes = 0;
  private state: State = 'size-start';
  private size = 0;
  private sizeDigits = 0;
  private extensionBytes = 0;
  private trailerBytes = 0;
  private trailerName = '';

  get done(): boolean {
    return this.state === 'done';
  }

  get bad(): boolean {
    return this.state === 'bad';
  }

  reset(): void {
    this.state = 'size-start';
    this.dataBytes = 0;
    this.sizeDigits = 0;
    this.size = 0;
    this.extensionBytes = 0;
    this.trailerBytes = 0;
    this.trailerName = '';
  }

  /** True when the next bytes are data of a chunk and not framing. */
  get inData(): boolean {
    return this.state === 'data';
  }

  /** Consumes what belongs to the body; the offset behind it. Ends early when done or bad. */
  scan(bytes: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && this.state !== 'done' && this.state !== 'bad') {
      at = this.step(bytes, at, end);
    }
    return at;
  }

  /** One run of data, or one byte of framing. */
  step(bytes: Buffer, at: number, end: number): number {
    if (this.state === 'data') {
      const run = Math.min(this.size, end - at);
      this.size -= run;
      this.dataBytes += run;
      if (this.size === 0) this.state = 'data-cr';
      return at + run;
    }
    this.state = this.next(bytes[at] as number);
    return at + 1;
  }

  private next(byte: number): State {
    switch (this.state) {
      case 'size-start':
      case 'size':
        return this.onSize(byte);
      case 'size-end':
        return this.onSizeEnd(byte);
      case 'data-cr':
        return byte === CR ? 'data-lf' : 'bad';
      case 'data-lf':
        return byte === LF ? 'size-start' : 'bad';
      case 'last-lf':
        return byte === LF ? 'done' : 'bad';
      case 'trailer-start':
      case 'trailer-name':
      case 'trailer-value':
      case 'trailer-lf':
        return this.onTrailer(byte);
      case 'data':
      case 'done':
      case 'bad':
        return this.state;
      default:
        if (++this.extensionBytes > MAX_CHUNK_EXTENSIONS) return 'bad';
        return nextInChunkExtension(this.state, byte);
    }
  }

  private onSize(byte: number): State {
    const digit = HEX_VALUE[byte] as number;
    if (digit < 16) {
      this.size = this.state === 'size-start' ? digit : this.size * 16 + digit;
      this.sizeDigits = this.state === 'size-start' ? 1 : this.sizeDigits + 1;
      return this.sizeDigits > MAX_SIZE_DIGITS ? 'bad' : 'size';
    }
    if (this.state === 'size-start') return 'bad';
    if (byte === CR) return 'size-end';
    return byte === SEMICOLON ? 'extension-start' : 'bad';
  }

  private onSizeEnd(byte: number): State {
    if (byte !== LF) return 'bad';
    return this.size === 0 ? 'trailer-start' : 'data';
  }

  private onTrailer(byte: number): State {
    if (this.state === 'trailer-start' && byte === CR) return 'last-lf';
    if (++this.trailerBytes > MAX_TRAILERS) return 'bad';
    if (this.state === 'trailer-lf') return byte === LF ? 'trailer-start' : 'bad';
    if (this.state === 'trailer-value') {
      if (byte === CR) return 'trailer-lf';
      return FIELD_CONTENT[byte] === 1 ? 'trailer-value' : 'bad';
    }
    if (this.state === 'trailer-start') this.trailerName = '';
    if (byte === COLON && this.trailerName !== '') return this.onTrailerName();
    if (TOKEN[byte] !== 1) return 'bad';
    this.trailerName += String.fromCharCode(byte);
    return 'trailer-name';
  }

  /** A recipient may merge trailers into the head: the fields that this proxy acts on stay out. */
  private onTrailerName(): State {
    const name = Buffer.from(this.trailerName, 'latin1');
    return identifyField(name, 0, name.length) === OTHER ? 'trailer-value' : 'bad';
  }
}
