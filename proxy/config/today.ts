/** The shape of the file that Sōzu has today: `[[listeners]]` and `[clusters.<id>]`. */
import { z } from 'zod';
import {
  backendAddressField,
  hostnameField,
  idField,
  listenAddressField,
  pathPrefixField,
} from '../command/fields.ts';
import type { AnswerFiles } from './answer-files.ts';
import { asTable, checkKeys, type TomlTable } from './check-keys.ts';
import { type Draft, emptyDraft } from './draft.ts';
import type { Findings, KeyPath } from './findings.ts';
import { backendKeys, clusterKeys, frontendKeys, listenerKeys } from './known-keys.ts';
import { type Limits, limitsSchema, mergeLimits } from './limits.ts';

const onlyHttp = z.string().refine(text => text === 'http', 'only "http" is available');
const listenerSchema = z.object({ address: listenAddressField, protocol: onlyHttp });
/** All spellings that Sōzu's file, command line and documents use. */
const roundRobin = z
  .string()
  .refine(
    text => /^(round[_-]?robin|rr)$/i.test(text),
    'is not available: the only policy is ROUND_ROBIN',
  );
const clusterSchema = z.object({
  protocol: onlyHttp,
  load_balancing: roundRobin.optional(),
  frontends: z.array(z.unknown()),
  backends: z.array(z.unknown()),
});
const frontendSchema = z.object({
  address: listenAddressField,
  hostname: hostnameField,
  path: pathPrefixField.default(''),
});
const backendSchema = z.object({ address: backendAddressField, backend_id: idField.optional() });

interface Context {
  readonly findings: Findings;
  readonly answers: AnswerFiles;
  readonly draft: Draft;
}

export function decodeToday(
  findings: Findings,
  answers: AnswerFiles,
  file: TomlTable,
  limits: Limits,
): Draft {
  const context = { findings, answers, draft: emptyDraft() };
  const { listeners = [], clusters = {} } = file;
  const list = findings.decode(z.array(z.unknown()), listeners, ['listeners']);
  for (const [index, value] of (list ?? []).entries()) {
    decodeListener(context, value, ['listeners', index], limits);
  }
  const byId = asTable(findings, clusters, ['clusters']);
  for (const [id, value] of Object.entries(byId ?? {})) {
    decodeCluster(context, id, value, ['clusters', id]);
  }
  addMissingListeners(context, limits);
  return context.draft;
}

function decodeListener(context: Context, value: unknown, path: KeyPath, base: Limits): void {
  const { findings, answers, draft } = context;
  const all = asTable(findings, value, path);
  if (all === undefined) return;
  const table = Object.fromEntries(
    Object.entries(all).filter(([key]) => {
      if (!key.startsWith('h2_')) return true;
      findings.note([...path, key], 'has no effect: HTTP/2 is not spoken');
      return false;
    }),
  );
  checkKeys(findings, table, listenerKeys, path, /^answer_\d+$/);
  const keys = findings.decode(listenerSchema, table, path);
  const limits = findings.decode(limitsSchema, table, path);
  const own = answers.collect(table, path);
  if (keys === undefined || limits === undefined) return;
  draft.listeners.push({
    path,
    value: {
      address: keys.address,
      protocol: 'http',
      answers: own,
      ...mergeLimits(base, limits),
    },
  });
}

function decodeCluster(context: Context, id: string, value: unknown, path: KeyPath): void {
  const { findings, answers, draft } = context;
  const table = asTable(findings, value, path);
  if (table === undefined) return;
  checkKeys(findings, table, clusterKeys, path, /^answer_\d+$/);
  const clusterId = findings.decode(idField, id, path);
  const keys = findings.decode(clusterSchema, table, path);
  const own = answers.collect(table, path);
  if (keys === undefined || clusterId === undefined) return;
  draft.clusters.push({
    path,
    value: { id: clusterId, loadBalancing: 'round-robin', answers: own },
  });
  for (const [index, frontend] of keys.frontends.entries()) {
    decodeFrontend(context, clusterId, frontend, [...path, 'frontends', index]);
  }
  for (const [index, backend] of keys.backends.entries()) {
    decodeBackend(context, clusterId, backend, [...path, 'backends', index]);
  }
}

function decodeFrontend(context: Context, clusterId: string, value: unknown, path: KeyPath): void {
  const table = asTable(context.findings, value, path);
  if (table === undefined) return;
  checkKeys(context.findings, table, frontendKeys, path);
  const keys = context.findings.decode(frontendSchema, table, path);
  if (keys === undefined) return;
  const { address, hostname, path: pathPrefix } = keys;
  context.draft.frontends.push({
    path,
    value: { listener: address, hostname, pathPrefix, clusterId },
  });
}

function decodeBackend(context: Context, clusterId: string, value: unknown, path: KeyPath): void {
  const table = asTable(context.findings, value, path);
  if (table === undefined) return;
  checkKeys(context.findings, table, backendKeys, path);
  const keys = context.findings.decode(backendSchema, table, path);
  if (keys === undefined) return;
  const { address, backend_id: backendId = address } = keys;
  context.draft.backends.push({ path, value: { clusterId, backendId, address } });
}

/** A frontend on an address that no listener declares opens that address, as in Sōzu, but says so. */
function addMissingListeners({ findings, draft }: Context, limits: Limits): void {
  for (const { value, path } of draft.frontends) {
    if (draft.listeners.some(each => each.value.address === value.listener)) continue;
    findings.note(path, `no [[listeners]] has address "${value.listener}"; one is made for it`);
    draft.listeners.push({
      path,
      value: { address: value.listener, protocol: 'http', answers: {}, ...limits },
    });
  }
}
