/** What a session needs of a connection; `net.Socket` has it, and so has a simulated one. */
export interface Wire {
  /**
   * False: more is buffered than should be; `drain` tells when to go on. Bytes are lent for the time
   * of this call.
   */
  write(bytes: Buffer | string, encoding: 'latin1'): boolean;
  readonly writableLength: number;
  pause(): unknown;
  resume(): unknown;
  /** No more will be written; what was written still arrives. */
  end(): unknown;
  destroy(): unknown;
  /** Ends in a way that no reader can take for a complete transfer. */
  resetAndDestroy(): unknown;
}
