/** How a command ends, as a number. */
import { MachineError } from '../../vms/errors.ts';
import { LabError } from '../harness/errors.ts';
import type { RunResult } from '../harness/result.ts';

export const EXIT = {
  pass: 0,
  fail: 1,
  usage: 2,
  unknown: 3,
  environment: 4,
  interrupted: 130,
} as const;

export function exitCodeOfRun({ interrupted, verdict }: RunResult): number {
  return interrupted ? EXIT.interrupted : EXIT[verdict.kind];
}

/** Interrupted before failed, failed before unknown, unknown before passed. */
export function gravestExitCode(codes: readonly number[]): number {
  const order = [EXIT.interrupted, EXIT.fail, EXIT.unknown];
  return order.find(code => codes.includes(code)) ?? EXIT.pass;
}

export function exitCodeOfError(error: unknown, interrupted: boolean): number {
  if (interrupted) return EXIT.interrupted;
  if (error instanceof LabError && error.code === 'LAB_INTERRUPTED') return EXIT.interrupted;
  if (error instanceof LabError && error.code === 'LAB_USAGE') return EXIT.usage;
  if (error instanceof MachineError && error.code === 'VM_UNKNOWN') return EXIT.usage;
  return EXIT.environment;
}
