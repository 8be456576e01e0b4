/** Slips among the listeners: twice the same, one that leads nowhere, a port nobody can know. */
import type { Draft } from './draft.ts';
import type { Findings, KeyPath } from './findings.ts';

export function lintListeners(findings: Findings, draft: Draft): void {
  const used = new Set(draft.frontends.map(({ value }) => value.listener));
  const seen = new Map<string, KeyPath>();
  for (const { value, path } of draft.listeners) {
    const { address } = value;
    const first = seen.get(address);
    if (first !== undefined) {
      const line = findings.lineOf(first);
      findings.error(path, `${address} is already a listener, on line ${line}`, {
        fix: 'remove one of the two, or give it another port',
      });
      continue;
    }
    seen.set(address, path);
    if (address.endsWith(':0')) {
      findings.note(path, 'port 0: the system picks a free port, another one at each start');
    }
    if (!used.has(address)) warnOfIdle(findings, path, address, draft);
  }
}

/** Without any frontend the file is meant to be filled at run time: then it is only worth a note. */
function warnOfIdle(findings: Findings, path: KeyPath, address: string, draft: Draft): void {
  const what = `no frontend is on ${address}: every request there is answered 404`;
  const fix = `add a frontend with address = "${address}" to a cluster`;
  if (draft.clusters.length === 0) findings.note(path, what, { fix });
  else findings.warn(path, what, { fix });
}
