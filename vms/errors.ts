/** The one error class of vms/ and its codes. */
export type MachineErrorCode =
  | 'VM_UNKNOWN'
  | 'VM_NOT_RUNNING'
  | 'VM_PORT_IN_USE'
  | 'VM_APP_FAILED'
  | 'VM_PROVIDER_UNREADY'
  | 'VM_COMMAND_FAILED'
  | 'VM_LEASE_HELD'
  | 'VM_LIST_INVALID'
  | 'VM_ABORTED';

/** Branch on `code`; the message says what to do. */
export class MachineError extends Error {
  override readonly name = 'MachineError';
  readonly code: MachineErrorCode;

  constructor(code: MachineErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
