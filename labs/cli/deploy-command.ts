/** `lab deploy`: another version of the app on a machine that stays. */
import { LabError } from '../harness/errors.ts';
import { unknownName } from '../harness/nearest.ts';
import { requireStage } from '../stage/attach-stage.ts';
import { EXIT } from './exit-codes.ts';
import { machineTable } from './machine-commands.ts';
import { machineNamed } from './machine-names.ts';
import type { Session } from './session.ts';

/** A version that does not exist would leave the machine without an app. */
export const APP_VERSIONS: readonly string[] = ['v1', 'v2', 'v3'];

export async function deployCommand(
  session: Session,
  typed: string,
  version: string,
): Promise<number> {
  const machine = machineNamed(typed);
  if (!APP_VERSIONS.includes(version)) {
    throw new LabError('LAB_USAGE', unknownName('version', version, APP_VERSIONS));
  }
  const { room } = await requireStage(session.home, session.flags.instance);
  const status = await room.deploy(machine, { version }, session.signal);
  if (session.flags.json) session.json(status);
  else session.print(...machineTable(session, await room.status()));
  return EXIT.pass;
}
