/** A peer of the bench: a proxy that can be started in front of backends. */
import type { Program } from './crew.ts';

/** What a peer is told. */
export interface Place {
  /** Of its own: configuration, socket and logs. */
  readonly folder: string;
  /** `ip:port` to listen on. */
  readonly address: string;
  /** `ip:port` each. */
  readonly backends: readonly string[];
  /** The Host that every request carries. */
  readonly host: string;
  /** Where the access log goes; undefined: there is none. */
  readonly accessLog: string | undefined;
  /** The same host with numbers in front, `1.HOST` and so on, each with a cluster of its own. */
  readonly moreClusters: number;
  readonly connectTimeoutSeconds: number;
  /** Most silence of a backend. */
  readonly backTimeoutSeconds: number;
}

export interface Peer {
  readonly name: string;
  /** The program on this computer; undefined when it is missing. */
  locate(): Promise<string | undefined>;
  /** How to get it. */
  readonly remedy: string;
  readonly debianPackage?: string;
  /** What of its access log is fair to know. */
  readonly accessLog: string;
  /** Writes its configuration; what to run then. `file` is what `locate` found. */
  prepare(file: string, place: Place): Promise<Program>;
}
