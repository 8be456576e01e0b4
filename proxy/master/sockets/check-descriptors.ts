/** Whether processes may open enough files; workers have the limit of the main process. */
import { descriptorRefusal, descriptorWarning } from '../../limits/descriptor-budget.ts';
import { descriptorLimit } from '../../net/listener/descriptor-limit.ts';
import { ProxyError } from '../../shared/errors.ts';
import type { ConfigState } from '../../state/config-state.ts';
import type { MasterOptions } from '../master-options.ts';

/** @throws {ProxyError} PROXY_CONFIG_INVALID when nobody could be served at all. */
export function checkDescriptors(
  { listeners }: ConfigState,
  { config, logger }: Pick<MasterOptions, 'config' | 'logger'>,
): void {
  const limit = descriptorLimit();
  const refusal = descriptorRefusal(listeners.size, config.settings.workerCount, limit);
  if (refusal !== undefined) throw new ProxyError('PROXY_CONFIG_INVALID', refusal);
  const wanted = [...listeners.values()].map(each => each.maxConnections);
  const warning = descriptorWarning(Math.max(0, ...wanted), limit);
  if (warning !== undefined) logger.warn(warning);
}
