/** The shape of the file that Sōzu has today: `[[listeners]]` and `[clusters.<id>]`. */
import * as z from 'zod';
import type { AnswerFiles } from './answer-files.ts';
import { asTable, checkKeys, type TomlTable } from './check-keys.ts';
import { type Draft, emptyDraft } from './draft.ts';
import type { Findings, KeyPath } from './findings.ts';
import { clusterKeys } from './known-keys.ts';
import type { Limits } from './limits.ts';
import type { Settings } from './settings.ts';
import { decodeBackend } from './today-backend.ts';
import { decodeCluster } from './today-cluster.ts';
import { decodeFrontend } from './today-frontend.ts';
import { decodeListener } from './today-listener.ts';

const parts = z.object({ frontends: z.array(z.unknown()), backends: z.array(z.unknown()) });

interface Context {
  readonly findings: Findings;
  readonly answers: AnswerFiles;
  readonly settings: Settings;
  readonly draft: Draft;
}

export function decodeToday(
  findings: Findings,
  answers: AnswerFiles,
  file: TomlTable,
  settings: Settings,
): Draft {
  const context = { findings, answers, settings, draft: emptyDraft() };
  const { listeners = [], clusters = {} } = file;
  const list = findings.decode(z.array(z.unknown()), listeners, ['listeners']);
  for (const [index, value] of (list ?? []).entries()) {
    const path = ['listeners', index];
    const listener = decodeListener(findings, answers, value, path, settings.limits);
    if (listener !== undefined) context.draft.listeners.push({ path, value: listener });
  }
  const byId = asTable(findings, clusters, ['clusters']);
  for (const [id, value] of Object.entries(byId ?? {})) {
    decodeOneCluster(context, id, value, ['clusters', id]);
  }
  addMissingListeners(context, settings.limits);
  return context.draft;
}

function decodeOneCluster(context: Context, id: string, value: unknown, path: KeyPath): void {
  const { findings, answers, draft, settings } = context;
  const table = asTable(findings, value, path);
  if (table === undefined) return;
  checkKeys(findings, table, clusterKeys, path, /^answer_\d+$/);
  const cluster = decodeCluster(findings, answers, id, table, path, settings.clusterDefaults);
  const lists = listsOf(table) ?? findings.decode(parts, table, path);
  if (cluster === undefined || lists === undefined) return;
  draft.clusters.push({ path, value: cluster });
  for (const [index, each] of lists.frontends.entries()) {
    const place = [...path, 'frontends', index];
    const frontend = decodeFrontend(findings, cluster.id, each, place);
    if (frontend !== undefined) draft.frontends.push({ path: place, value: frontend });
  }
  for (const [index, each] of lists.backends.entries()) {
    const place = [...path, 'backends', index];
    const backend = decodeBackend(findings, cluster.id, each, place);
    if (backend !== undefined) draft.backends.push({ path: place, value: backend });
  }
}

function listsOf({ frontends, backends }: TomlTable): z.output<typeof parts> | undefined {
  return Array.isArray(frontends) && Array.isArray(backends) ? { frontends, backends } : undefined;
}

/** A frontend on an address that no listener declares opens that address, as in Sōzu, but says so. */
function addMissingListeners({ findings, draft }: Context, limits: Limits): void {
  const declared = new Set(draft.listeners.map(({ value }) => value.address));
  for (const { value, path } of draft.frontends) {
    if (declared.has(value.listener)) continue;
    declared.add(value.listener);
    findings.note(path, `no [[listeners]] has address "${value.listener}"; one is made for it`);
    draft.listeners.push({
      path,
      value: { address: value.listener, protocol: 'http', answers: {}, ...limits },
    });
  }
}
