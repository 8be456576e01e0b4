/** What a main process is made with, and how it is told to stop. */
import type { DataPlaneSettings, StateRequest } from '../command/requests.ts';
import type { Config } from '../config/load.ts';
import type { Logger } from '../log/logger.ts';
import type { ListeningSocket } from './sockets/listening-sockets.ts';
import type { MainUpgradeOptions } from './succession/main-upgrade.ts';
import type { ServiceManager } from './succession/service-manager.ts';

export interface MasterOptions {
  readonly config: Config;
  /** What to begin with: those of the config, and on top of them what was saved. */
  readonly requests: readonly StateRequest[];
  readonly logger: Logger;
  readonly version: string;
  /** The settings are others than at the start. */
  readonly onSettings: (settings: DataPlaneSettings) => void;
  /** Sockets that were opened before this process began. */
  readonly inherited: ListeningSocket[];
  /** When the config file was last changed; milliseconds. */
  readonly configChangedAt: number;
  readonly service: ServiceManager;
  /** Where the main process waits that this one replaces. */
  readonly takeOver?: string | undefined;
  /** Starts a process that replaces this one. Absent: none can. */
  readonly launch?: MainUpgradeOptions['launch'];
}

/** Soft: every request in progress ends first, at most until the deadline; without one for ever. */
export type StopMode = 'hard' | { readonly deadlineMs?: number };
