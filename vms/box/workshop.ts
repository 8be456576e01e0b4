/** How programs are run while boxes are built: alone, to be ended at any moment, with nothing left. */
import { MachineError } from '../errors.ts';
import { runCommand } from '../programs/command.ts';

/**
 * All times in a box lie at this moment or before it, so that two builds are alike. 2025-01-01,
 * in seconds.
 */
export const BOX_EPOCH = 1_735_689_600;

const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  SOURCE_DATE_EPOCH: String(BOX_EPOCH),
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
};

/**
 * Mounts die with this namespace and processes with its first one, also when we are killed: a
 * folder of ours never has the system's /dev mounted in it when it is removed.
 */
const ALONE = [
  ...['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--propagation', 'private'],
  ...['--pid', '--fork', '--kill-child', '--mount-proc'],
];

export interface Workshop {
  /** Runs a program of this computer to its end; rejects with what it said when it fails. */
  readonly run: (argv: readonly string[], options?: RunOptions) => Promise<string>;
}

interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export function openWorkshop(signal: AbortSignal | undefined): Workshop {
  return {
    run: async (argv, { env, ...options } = {}) => {
      const { exitCode, stdout, stderr } = await runCommand([...ALONE, ...argv], {
        ...options,
        env: { ...ENVIRONMENT, ...env },
        signal,
        killSignal: 'SIGKILL',
      });
      if (exitCode === 0) return stdout;
      throw new MachineError('VM_COMMAND_FAILED', failureOf(argv, stderr, exitCode));
    },
  };
}

/** The program that failed and the last things it said, with a hint where the network is the matter. */
export function failureOf(argv: readonly string[], stderr: string, exitCode: number): string {
  const program = argv[0] === 'chroot' ? argv[2] : argv[0];
  const lines = stderr.split('\n').filter(line => /\S/.test(line) && !line.startsWith('I: '));
  const said = lines.slice(-4).join('\n') || `exit code ${exitCode}`;
  const unreachable = /Failed to fetch|Could not (resolve|connect)|Unable to connect/.test(stderr);
  const hint = unreachable
    ? "\nDebian's mirror has to answer while boxes are built. Is there a network? Another mirror: --mirror URL."
    : '';
  return `${program} failed:\n${said}${hint}`;
}
