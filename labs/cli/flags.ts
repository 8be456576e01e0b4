/** The flags of every command: how they are written, their variables, and what they may hold. */
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { MAX_INSTANCE } from '../../vms/address-plan.ts';
import type { ProviderName } from '../../vms/provider.ts';
import { ENGINES, PROVIDERS } from '../../vms/registry.ts';
import type { Env as BrowserEnvironment } from '../browser/places.ts';
import { LabError } from '../harness/errors.ts';
import { unknownName } from '../harness/nearest.ts';
import type { Language } from '../harness/text.ts';

export interface Environment extends BrowserEnvironment {
  readonly [variable: string]: string | undefined;
  readonly LC_ALL?: string | undefined;
  readonly LC_MESSAGES?: string | undefined;
  readonly LANG?: string | undefined;
}

export interface Flags {
  readonly machines?: ProviderName;
  readonly engine?: string;
  readonly box?: string;
  readonly lang: Language;
  readonly headed?: boolean;
  readonly slow?: boolean;
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly plain?: boolean;
  readonly browser: boolean;
  readonly instance: number;
  readonly seed: number;
  readonly proxyEntry: string;
}

export type FlagName = keyof Flags;

/** Any will do; a fixed one keeps machine names and screenshots comparable. */
const DEFAULT_SEED = 42;

export interface FlagDefaults {
  readonly env: Environment;
  readonly proxyEntry: string;
}

/** Throws a LabError when a variable holds what its flag would refuse. */
export function flagOption(name: FlagName, { env, proxyEntry }: FlagDefaults): Option {
  switch (name) {
    case 'machines':
      return valued('--machines <kind>', `machines to use: ${kindsInWords()}`, env, parseMachines);
    case 'engine':
      return valued(
        '--engine <name>',
        'what Vagrant drives: virtualbox, libvirt or lxc',
        env,
        parseEngine,
      );
    case 'box':
      return valued('--box <name>', 'what Vagrant starts machines from', env, text => text);
    case 'lang':
      return valued('--lang <language>', 'en or fr', env, parseLanguage, systemLanguage(env));
    case 'instance': {
      const about = `run beside another lab, 0 to ${MAX_INSTANCE}`;
      return valued('--instance <number>', about, env, parseInstance, 0);
    }
    case 'seed':
      return valued('--seed <number>', 'names of the machines', env, parseSeed, DEFAULT_SEED);
    case 'headed':
      return simple('--headed', 'show the browser', env);
    case 'slow':
      return simple('--slow', 'demo pace: time to read and to talk', env);
    case 'keep':
      return simple('--keep', 'leave machines and proxy running at the end', env);
    case 'json':
      return simple('--json', 'print JSON and nothing else', env);
    case 'quiet':
      return simple('--quiet', 'print the outcome only', env);
    case 'plain':
      return simple('--plain', 'sentences instead of a screen', env);
    case 'browser':
      return new Option('--no-browser', 'judge by the history alone (LAB_NO_BROWSER)').default(
        !isSet(env, 'LAB_NO_BROWSER'),
      );
    case 'proxyEntry':
      return new Option('--proxy-entry <file>')
        .argParser(file => path.resolve(file))
        .default(path.resolve(proxyEntry))
        .hideHelp();
  }
}

/** `--proxy-entry` ↔ `LAB_PROXY_ENTRY`. */
function variableOf(flag: string): string {
  const word = flag.split(' ')[0] ?? '';
  return `LAB_${word.slice(2).replaceAll('-', '_').toUpperCase()}`;
}

function valued<T>(
  flag: string,
  about: string,
  env: Environment,
  parse: (text: string) => T,
  fallback?: T,
): Option {
  const variable = variableOf(flag);
  const option = new Option(flag, `${about} (${variable})`).argParser(parse);
  const text = env[variable];
  if (text === undefined || text === '') {
    return fallback === undefined ? option : option.default(fallback);
  }
  try {
    return option.default(parse(text));
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return refuse(`${variable}=${text}: ${error.message}`, error);
  }
}

function simple(flag: string, about: string, env: Environment): Option {
  const variable = variableOf(flag);
  const option = new Option(flag, `${about} (${variable})`);
  return isSet(env, variable) ? option.default(true) : option;
}

function refuse(message: string, cause?: unknown): never {
  throw new LabError('LAB_USAGE', message, cause);
}

function isSet(env: Environment, variable: string): boolean {
  const text = (env[variable] ?? '').toLowerCase();
  if (['', '0', 'false', 'no', 'off'].includes(text)) return false;
  if (['1', 'true', 'yes', 'on'].includes(text)) return true;
  return refuse(`${variable}=${env[variable]}: write 1 or 0.`);
}

function systemLanguage(env: Environment): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return locale.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}

function parseMachines(text: string): ProviderName {
  const found = PROVIDERS.find(({ name }) => name === text);
  if (found !== undefined) return found.name;
  const names = PROVIDERS.map(({ name }) => name);
  throw new InvalidArgumentError(unknownName('kind of machines', text, names));
}

function kindsInWords(): string {
  const names = PROVIDERS.map(({ name }) => name);
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function parseEngine(text: string): string {
  if (ENGINES.includes(text)) return text;
  throw new InvalidArgumentError(unknownName('engine', text, ENGINES));
}

function parseLanguage(text: string): Language {
  if (text === 'en' || text === 'fr') return text;
  throw new InvalidArgumentError(unknownName('language', text, ['en', 'fr']));
}

/** `en,fr` */
export function parseLanguages(text: string): readonly Language[] {
  return text.split(',').map(word => parseLanguage(word.trim()));
}

function parseInstance(text: string): number {
  const instance = Number(text);
  if (/^\d+$/.test(text) && instance <= MAX_INSTANCE) return instance;
  throw new InvalidArgumentError(`An instance is a whole number from 0 to ${MAX_INSTANCE}.`);
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError('A seed is a whole number.');
}
