/** Slips among the backends of one cluster: twice the same address, one that nobody can reach. */
import type { Backend } from '../command/requests.ts';
import { formatAddress, parseAddress } from '../shared/address.ts';
import type { Placed } from './draft.ts';
import type { Advice, Findings, KeyPath } from './findings.ts';

export function lintBackends(
  findings: Findings,
  clusterId: string,
  backends: readonly Placed<Backend>[],
  expected: readonly string[],
): void {
  const addressOf = new Map<string, string>();
  const seen = new Set<string>();
  for (const { value, path } of backends) {
    const { backendId, address } = value;
    const other = addressOf.get(backendId);
    if (other !== undefined && other !== address) {
      findings.error(path, `backend "${backendId}" already stands at another address`, {
        fix: 'give one of them another backend_id',
      });
    } else if (seen.has(address)) {
      const addresses = backends.map(each => each.value.address);
      const isSame = other === address;
      warnOfDouble(findings, path, { clusterId, address, isSame, addresses, expected });
    }
    if (other === undefined) addressOf.set(backendId, address);
    seen.add(address);
    if (/^(?:0\.0\.0\.0|\[::\]):/.test(address)) warnOfAnyAddress(findings, path, address);
  }
}

/** Visitors of both would all come back to the first one. */
export function lintStickyIds(findings: Findings, backends: readonly Placed<Backend>[]): void {
  const seen = new Map<string, string>();
  for (const { value, path } of backends) {
    const { backendId, stickyId = backendId } = value;
    const other = seen.get(stickyId);
    if (other !== undefined && other !== backendId) {
      findings.warn(path, `has the sticky id "${stickyId}" of backend "${other}"`, {
        why: 'visitors of both come back to the first one',
      });
    }
    seen.set(stickyId, other ?? backendId);
  }
}

function warnOfAnyAddress(findings: Findings, path: KeyPath, address: string): void {
  const to = address.replace('0.0.0.0', '127.0.0.1').replace('[::]', '[::1]');
  findings.warn(path, `${address} is an address to listen on, not one to connect to`, {
    why: 'it means every address of a machine; some systems connect to themselves, others refuse',
    fix: `name the machine, or ${to} for this one`,
  });
}

interface Double {
  readonly clusterId: string;
  readonly address: string;
  /** Of one name, too: then it is one backend. */
  readonly isSame: boolean;
  /** Of the whole cluster, in order. */
  readonly addresses: readonly string[];
  readonly expected: readonly string[];
}

function warnOfDouble(findings: Findings, path: KeyPath, double: Double): void {
  const { clusterId, address, isSame } = double;
  const what = `${address} appears twice in cluster "${clusterId}"`;
  const counts = isSame ? 'it counts once' : 'it counts twice';
  const why = isSame
    ? `the second one is no further backend: ${counts}`
    : 'they are two backends of one machine, which gets the requests of two';
  const absent = double.expected.filter(each => !double.addresses.includes(each));
  const [only] = absent;
  if (absent.length === 1 && only !== undefined) {
    const edit: Advice['edit'] = { kind: 'set-text', path: [...path, 'address'], to: only };
    findings.warn(path, `${what}; did you mean ${only}?`, { why, fix: `write ${only}`, edit });
    return;
  }
  const guess = nextInRun(double);
  if (guess !== undefined) {
    const fix = `write ${guess}, or remove it`;
    findings.warn(path, `${what}; did you mean ${guess}?`, { why, fix });
    return;
  }
  const edit: Advice['edit'] = { kind: 'remove-element', path };
  findings.warn(path, `${what}; ${counts}`, { why, fix: 'remove it', edit });
}

/** A repeated last address in a run of numbers (.21 .22 .22) is nearly always the next one (.23). */
function nextInRun({ address, addresses }: Double): string | undefined {
  const next = neighbour(address, 1);
  const previous = neighbour(address, -1);
  const isRun = previous !== undefined && addresses.includes(previous);
  return isRun && next !== undefined && !addresses.includes(next) ? next : undefined;
}

function neighbour(address: string, step: number): string | undefined {
  const parsed = parseAddress(address);
  if (!parsed.ok || parsed.value.family === 6) return undefined;
  const octets = parsed.value.ip.split('.').map(Number);
  const last = (octets[3] ?? 0) + step;
  if (last < 1 || last > 254) return undefined;
  return formatAddress([...octets.slice(0, 3), last].join('.'), parsed.value.port);
}
