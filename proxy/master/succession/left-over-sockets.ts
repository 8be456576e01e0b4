/** Sockets that this process was given, or took over, and that no listener wants. */
import type { MasterOptions } from '../master-options.ts';

export function closeLeftOver({
  inherited,
  logger,
}: Pick<MasterOptions, 'inherited' | 'logger'>): void {
  for (const { address, handle } of inherited.splice(0)) {
    logger.warn(`the inherited socket ${address} belongs to no listener and is closed`);
    handle.close();
  }
}
