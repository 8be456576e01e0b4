/** What is allowed but most likely a slip, and what contradicts itself. */
import type { Draft, Placed } from './draft.ts';
import type { Findings } from './findings.ts';
import { lintBackends, lintStickyIds } from './lint-backends.ts';
import { refuseDoubleFrontends, warnOfUnreachable } from './lint-frontends.ts';
import { lintListeners } from './lint-listeners.ts';
import { lintNames } from './lint-names.ts';

/** `expected`: addresses of machines that ought to be backends of some cluster. */
export function lint(findings: Findings, draft: Draft, expected: readonly string[]): void {
  lintListeners(findings, draft);
  refuseDoubleFrontends(findings, draft.frontends);
  warnOfUnreachable(findings, draft.frontends);
  lintNames(findings, draft);
  const backendsOf = byCluster(draft.backends);
  const served = new Set(draft.frontends.map(({ value }) => value.clusterId));
  for (const { value, path } of draft.clusters) {
    const backends = backendsOf.get(value.id) ?? [];
    lintBackends(findings, value.id, backends, expected);
    if (backends.length === 0) {
      const why = 'every request is answered 503';
      findings.warn(path, `has no backends: ${why}`, { fix: 'add an address to its backends' });
    } else if (backends.every(({ value: { weight } }) => weight === 0)) {
      findings.warn(path, 'has only backends of weight 0: every new visitor is answered 503');
    }
    if (value.stickySession) lintStickyIds(findings, backends);
    if (!served.has(value.id)) {
      findings.warn(path, 'has no frontends: no request can reach it');
    }
  }
  if (expected.length === 0) return;
  const named = new Set(draft.backends.map(each => each.value.address));
  for (const address of expected.filter(each => !named.has(each))) {
    const fix = 'add it to the backends of a cluster';
    findings.warn([], `machine ${address} is expected but is a backend of no cluster`, { fix });
  }
}

/** Once for all clusters: there may be ten thousand. */
function byCluster<T extends { readonly clusterId: string }>(
  parts: readonly Placed<T>[],
): Map<string, Placed<T>[]> {
  const groups = new Map<string, Placed<T>[]>();
  for (const part of parts) {
    const group = groups.get(part.value.clusterId);
    if (group === undefined) groups.set(part.value.clusterId, [part]);
    else group.push(part);
  }
  return groups;
}
