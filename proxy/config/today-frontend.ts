/** `frontends` of a cluster: one table → the frontend of a request. */
import * as z from 'zod';
import {
  fieldNameField,
  frontendPathField,
  hostnameField,
  listenAddressField,
  textField,
} from '../command/fields.ts';
import type { Frontend } from '../command/requests.ts';
import { asTable, checkKeys } from './check-keys.ts';
import type { Findings, KeyPath } from './findings.ts';
import { frontendKeys } from './known-keys.ts';
import { hasOnly, isPlainAddress, isPlainHostname } from './plain-values.ts';
import { setKeys } from './set-keys.ts';

function oneOf<T extends string>(...words: readonly T[]): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const found = words.find(word => word === text.toLowerCase());
    if (found !== undefined) return found;
    context.addIssue(`"${text}" is not possible: ${words.join(', ').toUpperCase()}`);
    return z.NEVER;
  });
}

const schema = z.object({
  address: listenAddressField,
  hostname: hostnameField,
  path: textField.default(''),
  path_type: oneOf('prefix', 'segment', 'equals', 'regex').optional(),
  method: fieldNameField.optional(),
  position: oneOf('pre', 'tree', 'post').optional(),
  tags: z.record(z.string(), textField).optional(),
  redirect: z.enum(['forward', 'unauthorized']).optional(),
});

export function decodeFrontend(
  findings: Findings,
  clusterId: string,
  value: unknown,
  path: KeyPath,
): Frontend | undefined {
  const table = asTable(findings, value, path);
  if (table === undefined) return undefined;
  const { address: listener, hostname } = table;
  const isPlain = isPlainAddress(listener) && isPlainHostname(hostname);
  if (isPlain && hasOnly(table, 'address', 'hostname')) {
    return { listener, hostname, path: '', clusterId };
  }
  checkKeys(findings, table, frontendKeys, path);
  const keys = findings.decode(schema, table, path);
  if (keys === undefined) return undefined;
  const field = frontendPathField(keys.path_type ?? 'prefix');
  if (findings.decode(field, keys.path, [...path, 'path']) === undefined) return undefined;
  return {
    listener: keys.address,
    hostname: keys.hostname,
    path: keys.path,
    clusterId: keys.redirect === 'unauthorized' ? null : clusterId,
    ...setKeys({
      pathKind: keys.path_type,
      method: keys.method,
      position: keys.position,
      tags: keys.tags,
    }),
  };
}
