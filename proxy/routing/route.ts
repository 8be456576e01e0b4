/** One frontend as the route table sees it, and the name it has in messages. */

export interface Route {
  readonly listener: string;
  /** Lower case, without port: exact, `*.example.org` (one label), `/regex/.example.org`, or `*`. */
  readonly hostname: string;
  /** As `pathKind` says; '' matches everything. */
  readonly path: string;
  readonly pathKind?: PathKind;
  /** Default: every method. Case counts (RFC 9110 §9.1). */
  readonly method?: string;
  readonly position?: Position;
  /** null: the request is refused. */
  readonly clusterId: string | null;
  readonly tags?: Readonly<Record<string, string>>;
}

export type PathKind = 'prefix' | 'segment' | 'equals' | 'regex';
export type Position = 'pre' | 'tree' | 'post';

export const DEFAULT_PATH_KIND: PathKind = 'prefix';
export const DEFAULT_POSITION: Position = 'tree';

/** Two routes with the same identity would be the same rule: the second one is refused. */
export function isSameRule(a: Route, b: Route): boolean {
  return (
    a.hostname === b.hostname &&
    a.path === b.path &&
    a.method === b.method &&
    (a.pathKind ?? DEFAULT_PATH_KIND) === (b.pathKind ?? DEFAULT_PATH_KIND) &&
    (a.position ?? DEFAULT_POSITION) === (b.position ?? DEFAULT_POSITION)
  );
}
