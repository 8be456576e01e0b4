/** What the commands about boxes have in common: their options, and how they end. */
import { homedir } from 'node:os';
import path from 'node:path';
import { Argument, Command, Option } from 'commander';
import { type Architecture, architectureOf, type BoxTarget } from '../../vms/box/box-names.ts';
import { boxFolder, kitVagrantHome } from '../../vms/box/folders.ts';
import { MachineError } from '../../vms/errors.ts';

/** Ends with 2 on wrong usage. */
export function boxCommand(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .addOption(
      new Option('--folder <folder>', 'where the boxes are (also RELAIS_BOXES)').default(
        boxFolder(process.env, homedir()),
      ),
    )
    .showHelpAfterError('(--help tells what can be said)')
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2));
}

/** Without any, all of them. */
export function targetArgument(targets: readonly BoxTarget[]): Argument {
  return new Argument('[targets...]', 'which of them').choices(targets).default(targets);
}

/** Throws VM_PROVIDER_UNREADY where there are no boxes for this processor. */
export function thisArchitecture(): Architecture {
  const architecture = architectureOf(process.arch);
  if (architecture !== undefined) return architecture;
  const text = `Boxes are made for amd64 and arm64 only, this computer is ${process.arch}.`;
  throw new MachineError('VM_PROVIDER_UNREADY', text);
}

/** Aborts at Ctrl-C and at SIGTERM; the exit code is then 130. 1: it failed, and said why. */
export async function perform(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => interrupt.abort());
  }
  try {
    await work(interrupt.signal);
  } catch (error) {
    const text = error instanceof MachineError ? error.message : String((error as Error).stack);
    console.error(interrupt.signal.aborted ? 'Stopped, nothing was left behind.' : `✘ ${text}`);
    process.exitCode = interrupt.signal.aborted ? 130 : 1;
  }
}

/** The lab's own VAGRANT_HOME, or the one of the user. */
export function vagrantHomeFor(global: boolean, home: string): string {
  if (!global) return kitVagrantHome(process.env, home);
  return path.resolve(process.env['VAGRANT_HOME'] || path.join(home, '.vagrant.d'));
}
