/** A backend that is new or came back gets its share little by little: caches are cold. */
import type { BackendRuntime } from './backend-runtime.ts';

/** Of the weight, at the very beginning. */
export const FIRST_SHARE: number = 0.1;

export function startSlowly(backend: BackendRuntime, now: number, slowStartMs: number): void {
  backend.warmMs = slowStartMs;
  backend.warmUntil = slowStartMs > 0 ? now + slowStartMs : 0;
}

/** The weight that counts now. */
export function weightAt(backend: BackendRuntime, now: number): number {
  return backend.warmUntil <= now ? backend.weight : backend.weight * warmth(backend, now);
}

/** The part of its weight that a backend has reached: from 0.1 up to 1, on a straight line. */
export function warmth({ warmUntil, warmMs }: BackendRuntime, now: number): number {
  if (warmUntil <= now) return 1;
  return FIRST_SHARE + (1 - FIRST_SHARE) * (1 - (warmUntil - now) / warmMs);
}
