/** Which requests change something, and what they are about. */
import type { ProxyRequest } from '../../command/requests.ts';

/** What only looks. A kind that nobody thought of here counts as a change: better one line too many. */
const looking: ReadonlySet<string> = new Set<ProxyRequest['kind']>([
  'status',
  'list-backends',
  'list-clusters',
  'list-frontends',
  'list-listeners',
  'explain',
  'why',
  'show-metrics',
  'dump-state',
  'count-requests',
  'subscribe-events',
]);

export function isChange({ kind }: { readonly kind: string }): boolean {
  return !looking.has(kind);
}

/** After these there is no process left that could write a line. */
export function endsProxy({ kind }: { readonly kind: string }): boolean {
  return kind === 'soft-stop' || kind === 'hard-stop';
}

export interface Target {
  /** For people: `cluster web, backend 127.0.0.1:80`; '' when it is the proxy itself. */
  readonly text: string;
  readonly clusterId?: string;
  readonly backendId?: string;
}

const words: readonly (readonly [key: string, word: string])[] = [
  ['clusterId', 'cluster'],
  ['id', 'cluster'],
  ['hostname', 'frontend'],
  ['path', 'path'],
  ['listener', 'on'],
  ['backendId', 'backend'],
  ['address', 'address'],
  ['workerId', 'worker'],
];

/** Reads any request, also of kinds to come: the part that it carries, else itself. */
export function targetOf(request: object): Target {
  const fields = Object.entries(request);
  const list = fields.find(([, value]) => Array.isArray(value))?.[1] as unknown[] | undefined;
  if (list !== undefined) return { text: `${list.length} requests` };
  const inner = fields.find(([, value]) => typeof value === 'object' && value !== null)?.[1];
  const part = { ...request, ...(inner as object | undefined) } as Record<string, unknown>;
  const text = words
    .flatMap(([key, word]) => {
      const value = part[key];
      return isNamed(value) && value !== '' ? [`${word} ${value}`] : [];
    })
    .join(', ');
  const clusterId = part['clusterId'] ?? part['id'];
  const { backendId } = part;
  return {
    text,
    ...(typeof clusterId === 'string' ? { clusterId } : {}),
    ...(typeof backendId === 'string' ? { backendId } : {}),
  };
}

function isNamed(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
