/** `[[listeners]]`: the keys of one table → the listener of a request. */
import * as z from 'zod';
import {
  checkedDenyRule,
  fieldNameField,
  idField,
  idFieldNameField,
  listenAddressField,
  networkField,
  textField,
} from '../command/fields.ts';
import type { Listener } from '../command/requests.ts';
import type { AnswerFiles } from './answer-files.ts';
import { asTable, checkKeys, type TomlTable } from './check-keys.ts';
import { strictTable } from './explain-issue.ts';
import type { Findings, KeyPath } from './findings.ts';
import { listenerKeys } from './known-keys.ts';
import { type Limits, limitsSchema, mergeLimits } from './limits.ts';
import { setKeys } from './set-keys.ts';
import { countOrOffField, rateField, secondsOrOffField } from './units.ts';

export const onlyHttp: z.ZodString = z.string().regex(/^http$/, 'only "http" is available');

/** A rule that comes with the proxy may stand there with its name alone. */
const denyRule = z.preprocess(
  rule => (typeof rule === 'string' ? { name: rule } : rule),
  strictTable({
    name: idField,
    pattern: textField.optional(),
    in: z.enum(['target', 'fields', 'both']).optional(),
  }).superRefine(checkedDenyRule),
);

const schema = z.object({
  address: listenAddressField,
  protocol: onlyHttp,
  body_timeout: secondsOrOffField.optional(),
  total_timeout: secondsOrOffField.optional(),
  max_body_size: countOrOffField.optional(),
  sticky_name: fieldNameField.optional(),
  sozu_id_header: idFieldNameField.optional(),
  request_id_header: idFieldNameField.optional(),
  create_trace: z.boolean().optional(),
  trusted_proxies: z.array(networkField).optional(),
  elide_x_real_ip: z.boolean().default(false),
  send_x_real_ip: z.boolean().default(false),
  client_rate: rateField.optional(),
  deny: z.array(denyRule).optional(),
});

export function decodeListener(
  findings: Findings,
  answers: AnswerFiles,
  value: unknown,
  path: KeyPath,
  base: Limits,
): Listener | undefined {
  const table = withoutHttp2(findings, value, path);
  if (table === undefined) return undefined;
  checkKeys(findings, table, listenerKeys, path, /^answer_\d+$/);
  const keys = findings.decode(schema, table, path);
  const limits = findings.decode(limitsSchema, table, path);
  const own = answers.collect(table, path);
  if (keys === undefined || limits === undefined) return undefined;
  return {
    address: keys.address,
    protocol: 'http',
    answers: own,
    ...mergeLimits(base, limits),
    ...setKeys({
      bodyTimeoutMs: keys.body_timeout,
      totalTimeoutMs: keys.total_timeout,
      maxBodyBytes: keys.max_body_size,
      stickyName: keys.sticky_name,
      requestIdField: keys.request_id_header ?? keys.sozu_id_header,
      createTrace: keys.create_trace,
      trustedProxies: keys.trusted_proxies,
      realIp: realIp(keys.elide_x_real_ip, keys.send_x_real_ip),
      clientRate: keys.client_rate,
      deny: keys.deny?.map(({ name, ...rest }) => ({ name, ...setKeys(rest) })),
    }),
  };
}

function withoutHttp2(findings: Findings, value: unknown, path: KeyPath): TomlTable | undefined {
  const table = asTable(findings, value, path);
  if (table === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(table).filter(([key]) => {
      if (!key.startsWith('h2_')) return true;
      findings.note([...path, key], 'has no effect: HTTP/2 is not spoken');
      return false;
    }),
  );
}

function realIp(elide: boolean, send: boolean): Listener['realIp'] {
  if (elide && send) return 'elide-and-send';
  if (elide) return 'elide';
  return send ? 'send' : undefined;
}
