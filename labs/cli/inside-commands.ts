/** `lab exec` and `lab logs`: a look inside a machine. */
import { requireStage } from '../stage/attach-stage.ts';
import { EXIT } from './exit-codes.ts';
import { machineNamed } from './machine-names.ts';
import type { Session } from './session.ts';

/** Runs a command on the machine, to its end; its exit code is ours. */
export async function execCommand(
  session: Session,
  typed: string,
  argv: readonly string[],
): Promise<number> {
  const machine = machineNamed(typed);
  const { room } = await requireStage(session.home, session.flags.instance);
  const words = argv[0] === '--' ? argv.slice(1) : argv;
  const { exitCode, stdout, stderr } = await room.exec(machine, words);
  if (session.flags.json) session.json({ machine, argv: words, exitCode, stdout, stderr });
  else session.print(...lines(`${stdout}${stderr}`));
  return exitCode;
}

/** What the machine's app printed so far. */
export async function logsCommand(session: Session, typed: string): Promise<number> {
  const machine = machineNamed(typed);
  const { room } = await requireStage(session.home, session.flags.instance);
  const log = await room.logs(machine);
  if (session.flags.json) session.json({ machine, log });
  else session.print(...lines(log));
  return EXIT.pass;
}

function lines(text: string): string[] {
  const trimmed = text.trimEnd();
  return trimmed === '' ? [] : trimmed.split('\n');
}
