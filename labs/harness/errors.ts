/** The one error class of labs/ and its codes; the code decides how the command ends. */
export type LabErrorCode =
  /** The caller asked for something that does not exist. */
  | 'LAB_USAGE'
  /** The machine it runs on lacks something: a port, a provider, a free instance. */
  | 'LAB_ENVIRONMENT'
  /** The lab itself is written wrongly. */
  | 'LAB_DEFINITION'
  | 'LAB_INTERRUPTED';

/** Branch on `code`; the message says what to do. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The sentence of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
