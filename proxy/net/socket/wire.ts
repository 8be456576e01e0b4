/** A connection that another process may take over. */
export interface ReleasedWire {
  readonly handle: SocketHandle;
  /** Something was read from it before: it is between two requests. */
  readonly kept: boolean;
}

/** The native side of a connected socket; `process.send` takes it as it is. */
export interface SocketHandle {
  close(): void;
}

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
  /** Gives the connection away; undefined when it cannot. Absent where there is no real one. */
  release?(): ReleasedWire | undefined;
  /** Ends in a way that no reader can take for a complete transfer. */
  resetAndDestroy(): unknown;
}
