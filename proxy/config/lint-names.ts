/** Names with an underscore: machines may be called so, host names may not. */
import type { Draft } from './draft.ts';
import type { Findings, KeyPath } from './findings.ts';

const why =
  'a host name has letters, digits and hyphens (RFC 1123); browsers, resolvers and certificates differ on "_"';

export function lintNames(findings: Findings, draft: Draft): void {
  for (const { value, path } of draft.frontends) warnOfName(findings, path, value.hostname);
  for (const { value, path } of draft.backends) warnOfName(findings, path, value.address);
}

function warnOfName(findings: Findings, path: KeyPath, text: string): void {
  // Between slashes stands a regular expression.
  if (!text.includes('_') || text.includes('/')) return;
  const name = text.replace(/:\d+$/, '');
  const fix = `call it ${name.replaceAll('_', '-')}, there and where it is looked up`;
  findings.warn(path, `"${name}" holds an underscore`, { why, fix });
}
