/** Counts the bytes of answers on one connection. Knows answers with a length, as backends of the bench give. */

export type Reading = 'more' | 'complete' | 'bad';

const HEAD_END = '\r\n\r\n';
const MAX_HEAD = 16_384;

export class AnswerReader {
  status = 0;
  /** The first bytes of the body: who answered. */
  beginning = '';
  /** The backend or the proxy ends the connection behind this answer. */
  closes = false;
  private head = '';
  private remaining = -1;

  begin(): void {
    this.status = 0;
    this.beginning = '';
    this.head = '';
    this.remaining = -1;
  }

  read(bytes: Buffer): Reading {
    if (this.remaining >= 0) return this.count(bytes, 0);
    const before = this.head.length;
    this.head += bytes.toString('latin1');
    const end = this.head.indexOf(HEAD_END);
    if (end < 0) return this.head.length > MAX_HEAD ? 'bad' : 'more';
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.head)?.[1];
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(this.head)?.[1];
    if (length === undefined || status === undefined) return 'bad';
    this.status = Number(status);
    this.closes = /\r\nconnection: *close\r\n/i.test(this.head.slice(0, end + 2));
    this.remaining = Number(length);
    return this.count(bytes, end + HEAD_END.length - before);
  }

  private count(bytes: Buffer, start: number): Reading {
    if (this.beginning.length < 32) {
      this.beginning += bytes.toString('latin1', start, start + 32 - this.beginning.length);
    }
    this.remaining -= bytes.length - start;
    if (this.remaining < 0) return 'bad';
    return this.remaining === 0 ? 'complete' : 'more';
  }
}
