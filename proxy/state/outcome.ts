/** What a request does to a state, or why it cannot. */
import type { StateRequest } from '../command/requests.ts';
import { ProxyError } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';

export interface Applied {
  /** What a worker must do; one request may stand for several (a cluster takes its parts along). */
  readonly effects: readonly StateRequest[];
  /** What a person should know although it worked. */
  readonly note?: string;
  /** Takes it back, the order of everything included; what was applied behind it must be undone before. */
  readonly undo: () => void;
}

export type Outcome = Result<Applied, ProxyError>;

export function done(request: StateRequest, undo: () => void): Outcome {
  return ok({ effects: [request], undo });
}

export function noted(request: StateRequest, note: string, undo: () => void): Outcome {
  return ok({ effects: [request], note, undo });
}

export function missing(message: string): Result<never, ProxyError> {
  return err(new ProxyError('PROXY_NOT_FOUND', message));
}

export function invalid(message: string): Result<never, ProxyError> {
  return err(new ProxyError('PROXY_REQUEST_INVALID', message));
}

export function exists(message: string): Result<never, ProxyError> {
  return err(new ProxyError('PROXY_ALREADY_EXISTS', message));
}
