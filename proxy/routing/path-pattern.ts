/** The path of a frontend, compiled: prefix, segment prefix, equals or regex. */
import { err, ok, type Result } from '../shared/result.ts';
import { compileRegex, type LinearRegex } from './linear-regex.ts';
import type { RequestPath } from './request-path.ts';
import type { PathKind } from './route.ts';

const SLASH = 0x2f;

export interface PathPattern {
  readonly kind: PathKind;
  /** Empty for a regex. */
  readonly bytes: Buffer;
  readonly regex: LinearRegex | undefined;
  /** It may hold for one path and not for another, so that the path must be read. */
  readonly decides: boolean;
}

export function parsePathPattern(text: string, kind: PathKind): Result<PathPattern, string> {
  if (kind === 'regex') {
    const regex = compileRegex(text);
    if (!regex.ok) return regex;
    return ok({ kind, bytes: Buffer.alloc(0), regex: regex.value, decides: true });
  }
  const odd = /[?#]/.exec(text);
  if (odd !== null) {
    return err(`"${text}" can never match: the path of a request ends before "${odd[0]}"`);
  }
  const isForAll = text === '' || (text === '/' && kind !== 'equals');
  const dots = /\/\.{1,2}\//.exec(text);
  if (dots !== null) {
    return err(`"${text}" can never match: requests with "${dots[0]}" in the path are refused`);
  }
  const decides = !isForAll;
  return ok({ kind, bytes: Buffer.from(simplified(text)), regex: undefined, decides });
}

/** As the path of a request is read; see request-path.ts. */
function simplified(text: string): string {
  return text
    .replace(/\/{2,}/g, '/')
    .replace(/%(?:2[de]|3\d|[46][1-9a-f]|[57][\da]|5f|7e)/gi, escaped =>
      String.fromCharCode(Number.parseInt(escaped.slice(1), 16)),
    );
}

export function matchesPath(pattern: PathPattern, path: RequestPath): boolean {
  const { kind, bytes, regex } = pattern;
  if (regex !== undefined) {
    return regex.matches(path.bytes.toString('latin1', path.start, path.end));
  }
  const length = path.end - path.start;
  if (bytes.length > length || (kind === 'equals' && bytes.length !== length)) return false;
  for (let i = 0; i < bytes.length; i++) {
    if (path.bytes[path.start + i] !== bytes[i]) return false;
  }
  return kind !== 'segment' || endsSegment(bytes, length, path);
}

/** `/api` ends where the path ends or goes on with a slash; `/api/` has ended already. */
function endsSegment(bytes: Buffer, length: number, path: RequestPath): boolean {
  if (bytes.length === 0 || bytes.length === length) return true;
  return bytes[bytes.length - 1] === SLASH || path.bytes[path.start + bytes.length] === SLASH;
}
