/** `backends` of a cluster: one table → the backend of a request. */
import * as z from 'zod';
import {
  backendAddressField,
  idField,
  requestFieldsField,
  weightField,
  wholePathField,
} from '../command/fields.ts';
import type { Backend } from '../command/requests.ts';
import { asTable, checkKeys } from './check-keys.ts';
import type { Findings, KeyPath } from './findings.ts';
import { backendKeys } from './known-keys.ts';
import { hasOnly, isPlainAddress } from './plain-values.ts';
import { setKeys } from './set-keys.ts';

const schema = z.object({
  address: backendAddressField,
  backend_id: idField.optional(),
  weight: weightField.optional(),
  backup: z.boolean().optional(),
  sticky_id: idField.optional(),
  version: idField.optional(),
  request_headers: requestFieldsField.optional(),
  replace_path: wholePathField.optional(),
  reuse_connections: z.boolean().optional(),
});

export function decodeBackend(
  findings: Findings,
  clusterId: string,
  value: unknown,
  path: KeyPath,
): Backend | undefined {
  const table = asTable(findings, value, path);
  if (table === undefined) return undefined;
  const { address: plain } = table;
  if (hasOnly(table, 'address') && isPlainAddress(plain) && !plain.endsWith(':0')) {
    return { clusterId, backendId: plain, address: plain };
  }
  checkKeys(findings, table, backendKeys, path);
  const keys = findings.decode(schema, table, path);
  if (keys === undefined) return undefined;
  const { address, backend_id: backendId = address, weight, backup, version } = keys;
  const more = setKeys({
    weight,
    backup,
    version,
    stickyId: keys.sticky_id,
    requestFields: keys.request_headers,
    replacePath: keys.replace_path,
    reuseConnections: keys.reuse_connections,
  });
  return { clusterId, backendId, address, ...more };
}
