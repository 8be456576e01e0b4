/**
 * The learner's own shell, in a lab: their settings first, then the lab's commands in front of PATH
 * and its name in front of the prompt. Pure but for where the home folder is told to be.
 */
import path from 'node:path';
import { HERE, type Platform } from '../../vms/platform.ts';
import { shellPath } from '../harness/posix-shell.ts';

export interface ShellRequest {
  /** `$SHELL`; undefined is taken for sh. */
  readonly program: string | undefined;
  readonly lab: string;
  /** Folder with the commands `relais` and `lab`; the files below are written beside them. */
  readonly bin: string;
  readonly home: string;
  readonly zdotdir: string | undefined;
}

export interface LearnerShell {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** To be written before it is started, by absolute path. */
  readonly files: Readonly<Record<string, string>>;
}

export function learnerShell(request: ShellRequest, platform: Platform = HERE): LearnerShell {
  const { program = '/bin/sh' } = request;
  if (platform === 'win32') return gitBash(program, request);
  switch (path.basename(program)) {
    case 'bash':
      return bash(program, request);
    case 'zsh':
      return zsh(program, request);
    case 'fish':
      return fish(program, request);
    default:
      return other(program, request);
  }
}

function bash(program: string, { lab, bin, home }: ShellRequest): LearnerShell {
  const file = path.join(bin, 'shell.bash');
  const own = quoted(path.join(home, '.bashrc'));
  const lines = [
    `[ -f ${own} ] && . ${own}`,
    pathLine(bin),
    `PS1=${quoted(`(lab ${lab}) `)}"$PS1"`,
  ];
  return { argv: [program, '--rcfile', file, '-i'], env: {}, files: { [file]: text(lines) } };
}

/** The lines are read by a shell that calls `C:\\lab` by another name; the file is written by this program. */
function gitBash(program: string, request: ShellRequest): LearnerShell {
  const { bin, home } = request;
  const named = (folder: string): string => shellPath(folder, 'win32');
  const shell = bash(program, { ...request, bin: named(bin), home: named(home) });
  const [content = ''] = Object.values(shell.files);
  const file = path.win32.join(bin, 'shell.bash');
  return { argv: [program, '--rcfile', file, '-i'], env: {}, files: { [file]: content } };
}

/** zsh reads its settings in a folder: this one, which then reads those of the learner's own. */
function zsh(program: string, { lab, bin, home, zdotdir }: ShellRequest): LearnerShell {
  const folder = path.join(bin, 'zsh');
  const own = zdotdir ?? home;
  const reads = (name: string): string => {
    const file = quoted(path.join(own, name));
    return `[[ -f ${file} ]] && ZDOTDIR=${quoted(own)} && . ${file}`;
  };
  const rc = [
    reads('.zshrc'),
    pathLine(bin),
    `PROMPT=${quoted(`(lab ${lab}) `)}"$PROMPT"`,
    `ZDOTDIR=${quoted(own)}`,
  ];
  return {
    argv: [program, '-i'],
    env: { ZDOTDIR: folder },
    files: {
      [path.join(folder, '.zshenv')]: text([reads('.zshenv'), `ZDOTDIR=${quoted(folder)}`]),
      [path.join(folder, '.zshrc')]: text(rc),
    },
  };
}

/** fish runs this after the learner's own settings. */
function fish(program: string, { lab, bin }: ShellRequest): LearnerShell {
  const word = (value: string): string =>
    `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = [
    `set -gx PATH ${word(bin)} $PATH`,
    'functions -q fish_prompt; and functions -c fish_prompt lab_own_prompt',
    `function fish_prompt; echo -n ${word(`(lab ${lab}) `)}; functions -q lab_own_prompt; and lab_own_prompt; or echo -n '> '; end`,
  ];
  return { argv: [program, '-i', '-C', lines.join('\n')], env: {}, files: {} };
}

/** What POSIX says: an interactive shell reads the file that ENV names. */
function other(program: string, { lab, bin }: ShellRequest): LearnerShell {
  const file = path.join(bin, 'shell.sh');
  const lines = [pathLine(bin), `PS1=${quoted(`(lab ${lab}) $ `)}`];
  return { argv: [program, '-i'], env: { ENV: file }, files: { [file]: text(lines) } };
}

/** Settings may set PATH anew, so that it is not enough to hand it on. */
function pathLine(bin: string): string {
  return `PATH=${quoted(bin)}:"$PATH"; export PATH`;
}

/** One word for a POSIX shell. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
