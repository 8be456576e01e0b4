/** `relais metrics …`: what was counted, in tables that one can narrow down. */
import { type Command, InvalidArgumentError } from 'commander';
import type { MetricsContent } from '../command/metrics-snapshots.ts';
import { setKeys } from '../config/set-keys.ts';
import { suggest } from '../shared/nearest.ts';
import { parseNumber } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { withExamples } from './examples.ts';
import { METRIC_NAMES, type MetricsFilter, narrowed, showMetrics } from './show-metrics.ts';
import type { Terminal } from './terminal.ts';

type GetOptions = GlobalOptions & {
  readonly list?: boolean;
  readonly refresh?: number;
  readonly names?: readonly string[];
  readonly clusters?: readonly string[];
  readonly backends?: readonly string[];
  readonly noClusters?: boolean;
  readonly workers?: boolean;
};

export function addMetricsVerbs(program: Command, terminal: Terminal): void {
  const metrics = program
    .command('metrics')
    .description('requests, answers, times and bytes that were counted');
  withGetOptions(metrics.command('get', { isDefault: true }), terminal);
  for (const [verb, description, clusterMetrics] of switches) {
    withExamples(metrics.command(verb).description(description), `relais metrics ${verb}`).action(
      async (_options, command: Command) => {
        const changes = { clusterMetrics };
        await ask(terminal, command.optsWithGlobals(), { kind: 'patch-settings', changes });
      },
    );
  }
  withExamples(
    metrics.command('clear').description('begin to count at 0 again'),
    'relais metrics clear',
  ).action(async (_options, command: Command) => {
    await ask(terminal, command.optsWithGlobals(), { kind: 'clear-metrics' });
  });
}

const switches = [
  ['enable', 'count by cluster and backend, as from the start', true],
  ['disable', 'count by listener only', false],
] as const;

function withGetOptions(get: Command, terminal: Terminal): void {
  withExamples(
    get
      .description('show them by listener, cluster, version and backend')
      .option('-l, --list', 'print the names of the columns')
      .option('-n, --names <a,b>', 'only these columns', parseNames)
      .option('-k, --clusters <a,b>', 'only these clusters', splitList)
      .option('-b, --backends <a,b>', 'only these backends, by id or address', splitList)
      .option('--no-clusters', 'no table of clusters and backends')
      .option('-w, --workers', 'what each worker counted, too')
      .option('-r, --refresh <s>', 'again and again, until Ctrl-C', parseRefresh),
    'relais metrics',
    'relais metrics get -k webapp -n requests,5xx,p99 -r 1',
  ).action(async (_options, command: Command) => {
    const { clusters, ...options } = command.optsWithGlobals<
      Omit<GetOptions, 'clusters'> & { readonly clusters?: readonly string[] | boolean }
    >();
    if (options.list === true) {
      for (const [name, meaning] of METRIC_NAMES) terminal.out(`${name.padEnd(10)}${meaning}\n`);
      return;
    }
    const filter: MetricsFilter = {
      withClusters: clusters !== false,
      ...setKeys({
        names: options.names,
        clusters: typeof clusters === 'boolean' ? undefined : clusters,
        backends: options.backends,
      }),
    };
    const show = (): Promise<void> => getOnce(terminal, options, filter);
    await show();
    while (options.refresh !== undefined) {
      await new Promise(resolve => setTimeout(resolve, options.refresh));
      terminal.out('\n');
      await show();
    }
  });
}

function getOnce(
  terminal: Terminal,
  options: GlobalOptions & { readonly workers?: boolean },
  filter: MetricsFilter,
): Promise<void> {
  const perWorker = options.workers === true;
  return ask(terminal, options, { kind: 'show-metrics', perWorker }, reply =>
    reply.content === undefined ? '' : showAll(reply.content, filter),
  );
}

function showAll(content: MetricsContent, filter: MetricsFilter): string {
  const each = (content.perWorker ?? []).map(
    ({ workerId, metrics }) =>
      `\nworker ${workerId}\n${showMetrics(narrowed(metrics, filter), filter)}`,
  );
  return `${showMetrics(narrowed(content, filter), filter)}${each.join('')}`;
}

function splitList(text: string): string[] {
  return text.split(',').filter(part => part !== '');
}

function parseNames(text: string): string[] {
  const known = METRIC_NAMES.map(([name]) => name);
  for (const name of splitList(text)) {
    if (known.includes(name)) continue;
    throw new InvalidArgumentError(`"${name}" is no column${suggest(name, known)}`);
  }
  return splitList(text);
}

function parseRefresh(text: string): number {
  return Math.max(100, Math.round(parseNumber(text) * 1000));
}
