/** How long one connect attempt may take, so that every candidate gets its try in time. */

/** Below this a healthy machine under load would look dead. */
export const SHORTEST_ATTEMPT_MS: number = 100;

/** `candidates` counts the one about to be tried. 0: there is no time left at all. */
export function attemptTimeoutMs(
  remainingMs: number,
  candidates: number,
  connectTimeoutMs: number,
): number {
  if (remainingMs <= 0) return 0;
  const share = remainingMs / Math.max(1, candidates);
  return Math.min(connectTimeoutMs, Math.max(SHORTEST_ATTEMPT_MS, share));
}
