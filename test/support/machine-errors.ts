/** The check that a machine error is the right one and says enough. */
import assert from 'node:assert/strict';
import { MachineError } from '../../vms/errors.ts';

export function rejectsWith(
  code: MachineError['code'],
  message: RegExp,
): (error: unknown) => boolean {
  return (error: unknown) => {
    assert.ok(error instanceof MachineError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}
