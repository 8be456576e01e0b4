/** The shape of the file in 2017, as the tutorial has it: `[http]` and `[applications.<id>]`. */
import * as z from 'zod';
import { backendAddressField, hostnameField, idField, pathField } from '../command/fields.ts';
import { formatAddress, parseAddress } from '../shared/address.ts';
import type { AnswerFiles } from './answer-files.ts';
import { asTable, checkKeys, type TomlTable } from './check-keys.ts';
import { type Draft, emptyDraft } from './draft.ts';
import type { Findings, KeyPath } from './findings.ts';
import { application2017Keys, http2017Keys } from './known-keys.ts';
import { type Limits, limitsSchema, mergeLimits } from './limits.ts';

const httpSchema = z.object({
  address: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535),
});
const applicationSchema = z.object({
  hostname: hostnameField,
  path_begin: pathField.default(''),
  sticky_session: z.boolean().optional(),
  frontends: z.array(z.enum(['HTTP'], 'the only tag is "HTTP"')),
  backends: z.array(backendAddressField),
});

export function decode2017(
  findings: Findings,
  answers: AnswerFiles,
  file: TomlTable,
  limits: Limits,
): Draft {
  const draft = emptyDraft();
  const { http, applications = {} } = file;
  const listener = decodeHttp(findings, answers, http, limits, draft);
  const byId = asTable(findings, applications, ['applications']);
  for (const [id, value] of Object.entries(byId ?? {})) {
    decodeApplication(findings, id, value, listener, draft);
  }
  return draft;
}

function decodeHttp(
  findings: Findings,
  answers: AnswerFiles,
  value: unknown,
  base: Limits,
  draft: Draft,
): string | undefined {
  const path = ['http'];
  const table = value === undefined ? undefined : asTable(findings, value, path);
  if (table === undefined) return undefined;
  checkKeys(findings, table, http2017Keys, path);
  const keys = findings.decode(httpSchema, table, path);
  const limits = findings.decode(limitsSchema, table, path);
  const own = answers.collect(table, path);
  if (keys === undefined || limits === undefined) return undefined;
  const parsed = parseAddress(formatAddress(keys.address, keys.port));
  if (!parsed.ok) {
    findings.error([...path, 'address'], parsed.error.message);
    return undefined;
  }
  const address = formatAddress(parsed.value.ip, keys.port);
  draft.listeners.push({
    path,
    value: { address, protocol: 'http', answers: own, ...mergeLimits(base, limits) },
  });
  return address;
}

function decodeApplication(
  findings: Findings,
  id: string,
  value: unknown,
  listener: string | undefined,
  draft: Draft,
): void {
  const path: KeyPath = ['applications', id];
  const table = asTable(findings, value, path);
  if (table === undefined) return;
  checkKeys(findings, table, application2017Keys, path);
  const clusterId = findings.decode(idField, id, path);
  const keys = findings.decode(applicationSchema, table, path);
  if (keys === undefined || clusterId === undefined) return;
  const stickySession = keys.sticky_session === true ? { stickySession: true } : {};
  draft.clusters.push({
    path,
    value: { id: clusterId, loadBalancing: 'round-robin', answers: {}, ...stickySession },
  });
  for (const [index, address] of keys.backends.entries()) {
    draft.backends.push({
      path: [...path, 'backends', index],
      value: { clusterId, backendId: address, address },
    });
  }
  if (keys.frontends.length === 0) return;
  if (listener === undefined) {
    findings.error([...path, 'frontends'], 'names "HTTP", but there is no usable [http] table');
    return;
  }
  const { hostname, path_begin: prefix } = keys;
  draft.frontends.push({ path, value: { listener, hostname, path: prefix, clusterId } });
}
