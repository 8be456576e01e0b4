/** `relais config check`: everything that `start` would say about a file, and what can be mended at once. */
import { readFileSync, realpathSync } from 'node:fs';
import { type Finding, showFinding } from '../config/findings.ts';
import { type Examination, examineConfig, readConfig } from '../config/load.ts';
import { type Mended, mend } from '../config/mend.ts';
import { writeAtomically } from '../shared/atomic-file.ts';
import { plural } from '../shared/plural.ts';
import { EXIT_FAILURE, Exit, type Terminal } from './terminal.ts';
import { showTextChange } from './text-change.ts';

export interface CheckOptions {
  /** Addresses of machines that ought to be backends. */
  readonly expected: readonly string[];
  readonly json: boolean;
  /** Warnings fail the check too. */
  readonly strict: boolean;
  readonly fix: boolean;
  /** With `fix`: only show what would be written. */
  readonly dryRun: boolean;
}

export async function checkConfig(
  terminal: Terminal,
  file: string,
  options: CheckOptions,
): Promise<void> {
  const text = read(terminal, file);
  let examination = examineConfig(text, file, options);
  let mended: Mended | undefined;
  if (options.fix) {
    const target = realpathSync(file);
    mended = mend(examination.findings, { file: target, text }, textOf);
    if (options.json === false) tellMended(terminal, mended, options.dryRun);
    if (!options.dryRun) {
      for (const [each, after] of mended.texts) await writeAtomically(each, after);
      examination = examineConfig(read(terminal, file), file, options);
    }
  }
  if (options.json) {
    terminal.out(`${JSON.stringify(toJson(file, examination, mended?.done), null, 2)}\n`);
  } else tell(terminal, file, examination);
  const { findings, config } = examination;
  const isTooStrict = options.strict && findings.some(each => each.severity === 'warning');
  if (config === undefined || isTooStrict) throw new Exit(EXIT_FAILURE);
}

function read(terminal: Terminal, file: string): string {
  const text = readConfig(file);
  if (text.ok) return text.value;
  terminal.err(`${text.error.message}\nFailure: ${file} cannot be used\n`);
  throw new Exit(EXIT_FAILURE);
}

/** Undefined: it has gone since it was examined, and is left alone. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function tellMended(terminal: Terminal, { texts, done }: Mended, isDry: boolean): void {
  for (const [file, after] of texts) {
    terminal.out(showTextChange(file, textOf(file) ?? '', after));
  }
  const count = plural(done.length, 'finding');
  if (done.length === 0) terminal.out('nothing has one obvious fix\n');
  else if (isDry) terminal.out(`would fix ${count}; nothing is written\n`);
  else terminal.out(`fixed ${count}: ${[...texts.keys()].join(', ')}\n`);
}

function tell(terminal: Terminal, file: string, { findings, config }: Examination): void {
  for (const finding of findings) {
    const say = finding.severity === 'error' ? terminal.err : terminal.out;
    say(showWithAdvice(finding));
  }
  if (config === undefined) {
    terminal.err(`Failure: ${file} cannot be used\n`);
    return;
  }
  const shape = config.dialect === '2017' ? ' (in the shape of 2017)' : '';
  const warnings = plural(config.warnings.length, 'warning');
  terminal.out(`Success: ${file} is valid${shape}, ${warnings}\n`);
}

function showWithAdvice(finding: Finding): string {
  const { severity, why, fix, edit } = finding;
  const lines = [`${severity}: ${showFinding(finding)}`];
  if (why !== undefined) lines.push(`    why: ${why}`);
  if (fix !== undefined)
    lines.push(`    fix: ${fix}${edit === undefined ? '' : ' (--fix does it)'}`);
  return `${lines.join('\n')}\n`;
}

function toJson(
  file: string,
  { findings, config }: Examination,
  done: readonly Finding[] | undefined,
): object {
  return {
    file,
    valid: config !== undefined,
    ...(config === undefined ? {} : { dialect: config.dialect }),
    findings: findings.map(withoutEdit),
    ...(done === undefined ? {} : { fixed: done.map(withoutEdit) }),
  };
}

function withoutEdit({ edit, ...finding }: Finding): object {
  return { ...finding, fixable: edit !== undefined };
}
