/** Requests that change a few keys of a thing → the state request that keeps its other keys. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type {
  Cluster,
  Listener,
  LogTarget,
  PatchCluster,
  PatchListener,
  PatchSettings,
  StateRequest,
} from '../../command/requests.ts';
import { assertNever } from '../../shared/assert-never.ts';
import { ProxyError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { findCluster } from '../../state/apply.ts';
import type { ConfigState } from '../../state/config-state.ts';
import { findListener } from '../../state/listeners.ts';

export function patched(
  state: ConfigState,
  patch: PatchListener | PatchCluster | PatchSettings,
): Result<StateRequest, ProxyError> {
  switch (patch.kind) {
    case 'patch-listener': {
      const found = findListener(state, patch.address);
      if (!found.ok) return found;
      return ok({ kind: 'update-listener', listener: merged<Listener>(found.value, patch) });
    }
    case 'patch-cluster': {
      const found = findCluster(state, patch.clusterId);
      if (!found.ok) return found;
      return ok({ kind: 'add-cluster', cluster: merged<Cluster>(found.value.cluster, patch) });
    }
    case 'patch-settings':
      return patchedSettings(state, patch);
    default:
      return assertNever(patch);
  }
}

interface Changes {
  readonly changes: Partial<Listener & Cluster>;
  readonly reset?: readonly string[];
}

/** Answers are merged one by one. */
function merged<T extends Listener | Cluster>(before: T, { changes, reset = [] }: Changes): T {
  const all = Object.entries({ ...before, ...changes, ...nested(before, changes) });
  const keys = all.filter(([key]) => !reset.includes(key));
  const answers = Object.entries({ ...before.answers, ...changes.answers }).filter(
    ([status]) => !reset.includes(`answers.${status}`),
  );
  return { ...Object.fromEntries(keys), answers: Object.fromEntries(answers) } as T;
}

/** One rule of a breaker may change without the others. */
function nested(before: Partial<Cluster>, changes: Partial<Cluster>): Partial<Cluster> {
  const { breaker, retry } = changes;
  return {
    ...(breaker === undefined ? {} : { breaker: { ...before.breaker, ...breaker } }),
    ...(retry === undefined ? {} : { retry: { ...before.retry, ...retry } }),
  };
}

function patchedSettings(
  { settings }: ConfigState,
  { changes, reset = [] }: PatchSettings,
): Result<StateRequest, ProxyError> {
  for (const target of [changes.logTarget, changes.accessLog?.target]) {
    const writable = checkWritable(target);
    if (!writable.ok) return writable;
  }
  const keys = Object.entries({ ...settings, ...changes }).filter(([key]) => !reset.includes(key));
  return ok({ kind: 'configure', settings: Object.fromEntries(keys) });
}

/** A log that goes nowhere is found out too late, by whoever needs it. Nothing is made: it may be a dry run. */
function checkWritable(target: LogTarget | undefined): Result<undefined, ProxyError> {
  if (target === undefined || target === 'stdout') return ok(undefined);
  const { file } = target;
  try {
    const isThere = existsSync(file);
    accessSync(isThere ? file : path.dirname(file), constants.W_OK);
    if (!isThere || !statSync(file).isDirectory()) return ok(undefined);
    return unwritable(file, 'it is a folder');
  } catch (cause) {
    return unwritable(file, whyNot(cause), cause);
  }
}

function whyNot(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'there is no such folder';
  if (code === 'EACCES' || code === 'EROFS') return 'this user may not write there';
  return cause instanceof Error ? cause.message : String(cause);
}

function unwritable(file: string, why: string, cause?: unknown): Result<never, ProxyError> {
  return err(new ProxyError('PROXY_REQUEST_INVALID', `cannot write ${file}: ${why}`, cause));
}
