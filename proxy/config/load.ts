/** A config file → what to start, or every reason why not. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, TomlError } from 'smol-toml';
import type { StateRequest } from '../command/requests.ts';
import { ProxyError } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { type AdminSettings, decodeAdmin } from './admin-settings.ts';
import { AnswerFiles, nearestFile, whyUnreadable } from './answer-files.ts';
import { checkKeys, type TomlTable } from './check-keys.ts';
import { decode2017 } from './dialect-2017.ts';
import type { Draft } from './draft.ts';
import { type Finding, Findings, findingTexts, showFinding } from './findings.ts';
import { topLevelKeys } from './known-keys.ts';
import { lint } from './lint.ts';
import { decodeSettings, type Settings } from './settings.ts';
import { decodeToday } from './today.ts';
import { findDouble, locateKeys } from './toml-lines.ts';

export interface Config {
  /** Absolute path of the file; absent when it comes from elsewhere. */
  readonly file?: string;
  readonly settings: Settings;
  readonly admin: AdminSettings;
  readonly dialect: 'today' | '2017';
  /** In the order in which they apply to an empty state. */
  readonly requests: readonly StateRequest[];
  /** What is most likely a slip; each begins with `file:line:`. */
  readonly warnings: readonly string[];
  /** What is worth knowing, such as keys without effect. */
  readonly notes: readonly string[];
}

export interface LoadOptions {
  /** Addresses of machines that ought to be backends; each that is none gives a warning. */
  readonly expected?: readonly string[];
}

export function loadConfig(file: string, options: LoadOptions = {}): Result<Config, ProxyError> {
  const text = readConfig(file);
  if (!text.ok) return text;
  return parseConfig(text.value, file, options);
}

export function parseConfig(
  text: string,
  file: string,
  options: LoadOptions = {},
): Result<Config, ProxyError> {
  const { findings, config } = examineConfig(text, file, options);
  if (config !== undefined) return ok(config);
  return err(invalid(findingTexts(findings, 'error')));
}

export interface Examination {
  /** In the order in which they were found. */
  readonly findings: readonly Finding[];
  /** Undefined when a finding is an error. */
  readonly config?: Config;
}

export function examineConfig(
  text: string,
  file: string,
  { expected = [] }: LoadOptions = {},
): Examination {
  const table = parseToml(text, file);
  if (!table.ok) return { findings: [table.error] };
  const findings = new Findings(file, locateKeys(text));
  const folder = path.dirname(path.resolve(file));
  const dialect = detectDialect(findings, table.value);
  checkKeys(findings, table.value, topLevelKeys, []);
  const settings = decodeSettings(findings, table.value, folder);
  const admin = decodeAdmin(findings, table.value, { folder, dialect });
  const answers = new AnswerFiles(folder, findings);
  if (settings === undefined) return { findings: findings.list };
  const draft =
    dialect === '2017'
      ? decode2017(findings, answers, table.value, settings.limits)
      : decodeToday(findings, answers, table.value, settings);
  if (draft.listeners.length === 0 && !findings.hasErrors) {
    findings.error([], 'there is no listener: add [[listeners]] with an address and a protocol');
  }
  lint(findings, draft, expected);
  const { list } = findings;
  if (findings.hasErrors || admin === undefined) return { findings: list };
  const [warnings, notes] = [findingTexts(list, 'warning'), findingTexts(list, 'note')];
  const requests = toRequests(settings, draft);
  return {
    findings: list,
    config: { file: path.resolve(file), settings, admin, dialect, requests, warnings, notes },
  };
}

/** Only the command socket: a file that is broken elsewhere must not lock its operator out. */
export function findCommandSocket(file: string): Result<string, ProxyError> {
  const text = readConfig(file);
  if (!text.ok) return text;
  const table = parseToml(text.value, file);
  if (!table.ok) return err(invalid([showFinding(table.error)]));
  const { command_socket: socket = './relais.sock' } = table.value;
  if (typeof socket === 'string') return ok(path.resolve(path.dirname(file), socket));
  return err(invalid([`${file}: command_socket: must be text in quotes`]));
}

export function readConfig(file: string): Result<string, ProxyError> {
  try {
    return ok(readFileSync(file, 'utf8'));
  } catch (cause) {
    const near = nearestFile(path.basename(file), siblings(file));
    return err(invalid([`cannot read ${file}: ${whyUnreadable(cause)}${near}`], cause));
  }
}

function siblings(file: string): string[] {
  try {
    return readdirSync(path.dirname(file)).filter(name => name.endsWith('.toml'));
  } catch {
    return [];
  }
}

/** The finding says where the text is no TOML. */
export function parseToml(text: string, file: string): Result<TomlTable, Finding> {
  try {
    return ok(parse(text));
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    return err(syntaxFinding(cause, text, file));
  }
}

/** The parser's own message says only that something was defined again, not where it was before. */
function syntaxFinding({ message, line, column }: TomlError, text: string, file: string): Finding {
  const what = message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? '';
  const double = what.includes('redefine') ? findDouble(text) : undefined;
  const before = double?.second === line ? `; it stands already on line ${double.first}` : '';
  return {
    severity: 'error',
    file,
    line,
    column,
    key: '',
    what: `not valid TOML: ${what}${before}`,
  };
}

function detectDialect(findings: Findings, table: TomlTable): Config['dialect'] {
  const old = ['http', 'applications'].find(key => key in table);
  const current = ['listeners', 'clusters'].find(key => key in table);
  if (old !== undefined && current !== undefined) {
    findings.error([old], `[${old}] is the file format of 2017 and does not mix with [${current}]`);
  }
  return old === undefined ? 'today' : '2017';
}

function toRequests({ dataPlane, activateListeners }: Settings, draft: Draft): StateRequest[] {
  const configure: StateRequest[] =
    Object.keys(dataPlane).length === 0 ? [] : [{ kind: 'configure', settings: dataPlane }];
  return [
    ...configure,
    ...draft.listeners.map(({ value }): StateRequest => {
      const listener = activateListeners ? value : { ...value, active: false };
      return { kind: 'add-listener', listener };
    }),
    ...draft.clusters.map(({ value }) => ({ kind: 'add-cluster', cluster: value }) as const),
    ...draft.backends.map(({ value }) => ({ kind: 'add-backend', backend: value }) as const),
    ...draft.frontends.map(({ value }) => ({ kind: 'add-frontend', frontend: value }) as const),
  ];
}

function invalid(problems: readonly string[], cause?: unknown): ProxyError {
  return new ProxyError('PROXY_CONFIG_INVALID', problems.join('\n'), cause);
}
