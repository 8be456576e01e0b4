/** What a backend's configuration says about heads → what is done to each of them. */
import type { Backend } from '../command/requests.ts';
import type { HeadChanges } from '../shared/head-changes.ts';

/** Undefined when its requests are sent as they are. */
export function headChanges(backend: Backend): HeadChanges | undefined {
  const { requestFields = {}, replacePath: path, reuseConnections = true } = backend;
  const fields = Object.entries(requestFields);
  if (fields.length === 0 && path === undefined && reuseConnections) return undefined;
  return {
    names: fields.map(([name]) => name.toLowerCase().replaceAll('_', '-')),
    lines: fields.map(([name, value]) => `${name}: ${value}\r\n`).join(''),
    path,
    isLast: !reuseConnections,
  };
}
