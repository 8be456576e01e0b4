/** The one error class of the proxy and its codes. */
export type ProxyErrorCode =
  | 'PROXY_CONFIG_INVALID'
  | 'PROXY_STATE_INVALID'
  | 'PROXY_ANSWER_INVALID'
  | 'PROXY_ADDRESS_INVALID'
  | 'PROXY_ADDRESS_IN_USE'
  | 'PROXY_ALREADY_EXISTS'
  | 'PROXY_NOT_FOUND'
  | 'PROXY_REQUEST_INVALID'
  | 'PROXY_WORKER_FAILED'
  | 'PROXY_TIMEOUT'
  | 'PROXY_UNREACHABLE';

/** Branch on `code`, never on `message`; the message is for a person and names the fix. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: ProxyErrorCode;

  constructor(code: ProxyErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
