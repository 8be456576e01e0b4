/**
 * Runs a program in a real terminal that nobody sits in front of: what it draws can be read, keys
 * can be pressed, and the window can be made smaller. The terminal is that of script(1), so that
 * nothing has to be compiled.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { LabError } from '../harness/errors.ts';
import { TerminalScreen, type TerminalSize } from './terminal-screen.ts';

export interface TerminalProgram extends Partial<TerminalSize> {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** All of it; nothing is added but what a terminal has: TERM, unless it is there. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Room for the longest lines that labs print. */
const USUAL: TerminalSize = { columns: 120, rows: 40 };
const DEADLINE_MS = 60_000;
/** A program that was asked to end and is still there after this is ended. */
const PATIENCE_MS = 20_000;

/** Throws a LabError when this computer has no script(1) that can do it. */
export function openPseudoTerminal(program: TerminalProgram): PseudoTerminal {
  requireScript();
  return new PseudoTerminal(program);
}

function requireScript(): void {
  const { stdout, error } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  if (error === undefined && stdout.includes('util-linux')) return;
  throw new LabError(
    'LAB_ENVIRONMENT',
    'A terminal for the robot learner needs script(1) of util-linux. On Debian it is in the package bsdutils, on Fedora in util-linux-script.',
    error,
  );
}

export class PseudoTerminal {
  /** The exit code of the program; 128 and the number of the signal that ended it. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  readonly #screen: TerminalScreen;
  readonly #watchers = new Set<() => void>();
  #exitCode: number | undefined;

  constructor({ argv, cwd, env, columns = USUAL.columns, rows = USUAL.rows }: TerminalProgram) {
    this.#screen = new TerminalScreen({ columns, rows }, text => this.type(text));
    const size = `stty sane rows ${rows} cols ${columns}`;
    const shell = env['SHELL'] === undefined ? [] : [`SHELL=${env['SHELL']}`];
    const words = ['env', ...shell, ...argv].map(quoted).join(' ');
    this.#child = spawn('script', ['-qfec', `${size}; exec ${words}`, '/dev/null'], {
      cwd,
      env: { TERM: 'xterm-256color', ...env, SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      void this.#screen.write(bytes).then(() => this.#tell());
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', code => {
        // What came last is on the screen before anybody is told of the end.
        void this.#screen.write(new Uint8Array()).then(() => {
          this.#exitCode = code ?? 1;
          this.#tell();
          resolve(this.#exitCode);
        });
      });
    });
  }

  /** Presses keys; `\r` is Enter, `\x03` is Ctrl-C. */
  type(keys: string): void {
    if (this.#exitCode === undefined) this.#child.stdin?.write(keys);
  }

  lines(): readonly string[] {
    return this.#screen.lines();
  }

  /** The screen as one text. */
  text(): string {
    return this.lines().join('\n');
  }

  /** Everything that was printed and not drawn over, also what is no longer on the screen. */
  transcript(): string {
    return this.#screen.transcript();
  }

  get isAlternate(): boolean {
    return this.#screen.isAlternate;
  }

  get isCursorShown(): boolean {
    return this.#screen.isCursorShown;
  }

  /** Process ids in the terminal, the program first. */
  pids(): readonly number[] {
    return childrenOf(this.#child.pid ?? 0);
  }

  /** The window gets another size, as when somebody drags its corner. */
  resize(size: TerminalSize): void {
    const [pid] = this.pids();
    if (pid === undefined) return;
    const terminal = readlinkSync(`/proc/${pid}/fd/0`);
    const { rows, columns } = size;
    spawnSync('stty', ['-F', terminal, 'rows', String(rows), 'cols', String(columns)]);
    this.#screen.resize(size);
  }

  /** Until the screen looks like this; throws what it looks like instead. */
  async until(
    what: string,
    looks: RegExp | ((text: string) => boolean),
    deadlineMs: number = DEADLINE_MS,
  ): Promise<string> {
    const fits = (): boolean =>
      typeof looks === 'function' ? looks(this.text()) : looks.test(this.text());
    await this.#change(what, () => fits() || this.#exitCode !== undefined, deadlineMs);
    if (fits()) return this.text();
    throw new Error(`${what}: the program ended ${this.#exitCode}\n${this.transcript()}`);
  }

  /** Ends the program as a window that is closed does, and waits for it. */
  async close(): Promise<void> {
    if (this.#exitCode === undefined) this.#child.kill('SIGTERM');
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    await this.ended.catch(() => {});
    clearTimeout(limit);
    this.#screen.dispose();
  }

  #change(what: string, fits: () => boolean, deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`${what}: not within ${deadlineMs} ms; the screen is\n${this.text()}`));
      }, deadlineMs);
      const look = (): void => {
        if (!fits()) return;
        clearTimeout(limit);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #tell(): void {
    for (const look of [...this.#watchers]) look();
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function childrenOf(pid: number): readonly number[] {
  const read = (task: string): string => {
    try {
      return readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8');
    } catch {
      return '';
    }
  };
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    return tasks.flatMap(task => read(task).split(' ').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}
