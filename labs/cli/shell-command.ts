/** `lab shell` and `lab env`: a terminal in which the lines of the running lab work as printed. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { HERE } from '../../vms/platform.ts';
import { LabError } from '../harness/errors.ts';
import { posixShell, shellPath } from '../harness/posix-shell.ts';
import { t } from '../harness/text.ts';
import { requireStage } from '../stage/attach-stage.ts';
import { learnerShell, quoted } from '../stage/learner-shell.ts';
import type { StageNote } from '../stage/stage-file.ts';
import { EXIT } from './exit-codes.ts';
import type { Session } from './session.ts';

/** What to type in the folder of the kit to get such a terminal. */
export function shellLine({ flags }: Pick<Session, 'flags'>): string {
  const beside = flags.instance === 0 ? '' : ` --instance ${flags.instance}`;
  return `npm run lab -- shell${beside}`;
}

/** Its exit code is that of the shell's last command. */
export async function shellCommand(session: Session): Promise<number> {
  const { note } = await requireStage(session.home, session.flags.instance);
  const { env } = session;
  const shell = learnerShell({
    program: HERE === 'win32' ? posixShell(env) : env['SHELL'] || undefined,
    lab: note.lab,
    bin: binOf(note),
    home: env['HOME'] || homedir(),
    zdotdir: env['ZDOTDIR'] || undefined,
  });
  for (const [file, content] of Object.entries(shell.files)) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  greet(session, note);
  return runShell(shell.argv, note.shell.cwd, {
    ...outerEnv(env),
    ...note.shell.env,
    ...shell.env,
  });
}

function greet(session: Session, note: StageNote): void {
  session.print(
    session.say(
      t(
        `You are in the lab ${note.lab}: relais and lab work here as the lab prints them.`,
        `Vous êtes dans le lab ${note.lab} : relais et lab marchent ici comme le lab les écrit.`,
      ),
    ),
    session.say(
      t(
        'Leave with exit or Ctrl-D; the lab goes on without you.',
        'Pour sortir : exit ou Ctrl-D ; le lab continue sans vous.',
      ),
    ),
  );
}

/** What npm has set for its own script is not the learner's. */
function outerEnv(env: Session['env']): Record<string, string | undefined> {
  const own = Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$)/.test(name));
  return Object.fromEntries(own);
}

function runShell(
  [program = '', ...args]: readonly string[],
  cwd: string,
  env: Record<string, string | undefined>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit' });
    child.on('error', error => {
      reject(new LabError('LAB_ENVIRONMENT', `SHELL=${program}: ${error.message}`, error));
    });
    child.on('close', (code, signal) => resolve(code ?? (signal === null ? EXIT.pass : 1)));
  });
}

/** For `eval "$(lab env)"` in a shell that is open already. */
export async function envCommand(session: Session): Promise<number> {
  const { note } = await requireStage(session.home, session.flags.instance);
  const { cwd, env } = note.shell;
  if (session.flags.json) {
    session.json({ cwd, env });
    return EXIT.pass;
  }
  const folder = session.say(
    t('files that the lab names are here:', 'les fichiers que le lab nomme sont ici :'),
  );
  session.print(
    ...Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `export PATH=${quoted(shellPath(binOf(note)))}:"$PATH"`,
    `# ${folder} cd ${quoted(shellPath(cwd))}`,
  );
  return EXIT.pass;
}

function binOf({ shell }: StageNote): string {
  return shell.env['LAB_BIN'] ?? '';
}
