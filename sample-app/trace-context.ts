/** W3C trace context: how a service that calls another one goes on with the trace of its caller. */
import { randomBytes } from 'node:crypto';

export interface TraceContext {
  /** 32 hex digits, the same in every service that a request passes. */
  readonly traceId: string;
  /** 16 hex digits, this service's own. */
  readonly spanId: string;
  /** What the next service is sent. */
  readonly traceparent: string;
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** A field that is missing or wrong begins a trace of its own, as the specification asks. */
export function continueTrace(
  field: string | undefined,
  random: (bytes: number) => string = randomHex,
): TraceContext {
  const { traceId, sampled } = readTraceparent(field) ?? { traceId: random(16), sampled: true };
  const spanId = random(8);
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-0${sampled ? 1 : 0}` };
}

function readTraceparent(
  field = '',
): { readonly traceId: string; readonly sampled: boolean } | undefined {
  const [, version = '', traceId = '', parentId = '', flags = '', more] = FORM.exec(field) ?? [];
  if (traceId === '' || version === 'ff') return undefined;
  if (version === '00' && more !== undefined) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
