/** `relais connection-limit …` and `relais logging …`: what concerns all listeners and workers. */
import path from 'node:path';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { DataPlaneSettings, LogTarget } from '../command/requests.ts';
import { setKeys } from '../config/set-keys.ts';
import { pathOfFileAddress } from '../shared/file-address.ts';
import { LOG_LEVELS, type LogLevel } from '../shared/log-level.ts';
import { suggest } from '../shared/nearest.ts';
import { parseCount } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { withExamples } from './examples.ts';
import type { Terminal } from './terminal.ts';

type AccessLog = NonNullable<DataPlaneSettings['accessLog']>;
type LoggingOptions = GlobalOptions & {
  readonly target?: LogTarget;
  readonly accessLog?: LogTarget | 'off';
  readonly format?: AccessLog['format'];
};

export function addConnectionLimitVerbs(program: Command, terminal: Terminal): void {
  const limit = program
    .command('connection-limit')
    .description('client connections per client address and cluster');
  withExamples(
    limit
      .command('set')
      .description('for every cluster that does not say otherwise; more are answered 429')
      .argument('<n>', 'connections; 0: any number', parseCount),
    'relais connection-limit set 20',
  ).action(async (maxConnectionsPerIp: number, _options, command: Command) => {
    const changes = { maxConnectionsPerIp };
    await ask(terminal, command.optsWithGlobals(), { kind: 'patch-settings', changes });
  });
  withExamples(
    limit.command('remove').description('any number again'),
    'relais connection-limit remove',
  ).action(async (_options, command: Command) => {
    const reset = ['maxConnectionsPerIp'];
    await ask(terminal, command.optsWithGlobals(), { kind: 'patch-settings', changes: {}, reset });
  });
  withExamples(
    limit.command('show').description('show the limit, and the clusters that have their own'),
    'relais connection-limit show',
  ).action((_options, command: Command) =>
    ask(terminal, command.optsWithGlobals(), { kind: 'dump-state' }, reply => {
      const requests = reply.content?.requests ?? [];
      const lines = requests.flatMap(each => {
        if (each.kind !== 'add-cluster') return [];
        const { id, maxConnectionsPerIp } = each.cluster;
        return maxConnectionsPerIp === undefined
          ? []
          : [`${id}: ${limitText(maxConnectionsPerIp)}`];
      });
      const settings = requests.find(each => each.kind === 'configure')?.settings;
      return [limitText(settings?.maxConnectionsPerIp ?? 0), ...lines, ''].join('\n');
    }),
  );
}

function limitText(limit: number): string {
  return limit === 0 ? 'unlimited (0)' : String(limit);
}

export function addLoggingVerb(program: Command, terminal: Terminal): void {
  withExamples(
    program
      .command('logging')
      .description('change how much is logged, and where it goes')
      .addArgument(new Argument('[level]', LOG_LEVELS.join(', ')).argParser(parseLevel))
      .option('--target <target>', 'the log: stdout or file://PATH', parseTarget)
      .option(
        '--access-log <target>',
        'one line per request: stdout, file://PATH, off',
        parseAccess,
      )
      .addOption(new Option('--format <format>', 'of the access log').choices(['json', 'ascii'])),
    'relais logging debug',
    'relais logging --access-log file:///var/log/relais/access.log',
  ).action(async (level: LogLevel | undefined, _options: unknown, command: Command) => {
    const options = command.optsWithGlobals<LoggingOptions>();
    const { accessLog, target, format = 'json' } = options;
    if (level === undefined && target === undefined && accessLog === undefined) {
      command.error('error: what is to change? relais logging LEVEL, --target or --access-log');
    }
    const isOff = accessLog === 'off';
    const changes: DataPlaneSettings = setKeys({
      logLevel: level,
      logTarget: target,
      accessLog: accessLog === undefined || isOff ? undefined : { target: accessLog, format },
    });
    const reset = isOff ? ['accessLog'] : [];
    await ask(terminal, options, { kind: 'patch-settings', changes, reset });
  });
}

function parseLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find(each => each === text.toLowerCase());
  if (level !== undefined) return level;
  if (/[=,]/.test(text)) {
    throw new InvalidArgumentError(`One level for all: ${LOG_LEVELS.join(', ')}.`);
  }
  throw new InvalidArgumentError(`"${text}" is no level${suggest(text, LOG_LEVELS)}`);
}

function parseTarget(text: string): LogTarget {
  if (text === 'stdout') return text;
  const file = pathOfFileAddress(text);
  if (file !== undefined) return { file: path.resolve(file) };
  throw new InvalidArgumentError('Write stdout or file://PATH.');
}

function parseAccess(text: string): LogTarget | 'off' {
  return text === 'off' ? 'off' : parseTarget(text);
}
