/** The backend that a sticky cookie names. */
import type { BackendRuntime } from './backend-runtime.ts';

/** `bytes` from `start` to `end`: the cookie's value. */
export function findVisited(
  backends: readonly BackendRuntime[],
  bytes: Uint8Array,
  start: number,
  end: number,
): BackendRuntime | undefined {
  for (const backend of backends) {
    if (isText(backend.options.stickyId, bytes, start, end)) return backend;
  }
  return undefined;
}

function isText(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}
