/** `relais cluster …`: add, change, remove and show clusters. */
import type { Command } from 'commander';
import { hostnameField } from '../command/fields.ts';
import type { Cluster, ProxyRequest } from '../command/requests.ts';
import { setKeys } from '../config/set-keys.ts';
import { checked, parseId } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import {
  CLUSTER_DEFAULTS,
  type ClusterOptions,
  clusterChanges,
  withClusterOptions,
} from './cluster-options.ts';
import { defaultOption } from './default-option.ts';
import { withExamples } from './examples.ts';
import { addHealthCheckVerbs } from './health-check-verbs.ts';
import { showClusters } from './show-lists.ts';
import type { Terminal } from './terminal.ts';

type Place = GlobalOptions & { readonly id: string };
type UpdateOptions = Place & ClusterOptions & { readonly default?: readonly string[] };

export function addClusterVerbs(program: Command, terminal: Terminal): void {
  const cluster = program.command('cluster').description('groups of backends that do the same');
  addAdd(cluster, terminal);
  addUpdate(cluster, terminal);
  withExamples(
    cluster
      .command('remove')
      .description('remove a cluster with its frontends and backends')
      .requiredOption('-i, --id <cluster>', 'id of the cluster'),
    'relais cluster remove -i webapp',
  ).action(async (_options, command: Command) => {
    const options = command.optsWithGlobals<Place>();
    await ask(terminal, options, { kind: 'remove-cluster', clusterId: options.id });
  });
  addList(cluster, terminal);
  addHealthCheckVerbs(cluster, terminal);
}

function addAdd(cluster: Command, terminal: Terminal): void {
  const command = cluster
    .command('add')
    .description('make a cluster, or replace the settings of one; its backends stay')
    .requiredOption('-i, --id <cluster>', 'id of the cluster', parseId);
  withExamples(
    withClusterOptions(command),
    'relais cluster add -i webapp',
    'relais cluster add -i shop --load-balancing-policy least-requests --sticky-session',
  ).action(async (_options, given: Command) => {
    const options = given.optsWithGlobals<Place & ClusterOptions>();
    const wanted: Cluster = {
      id: options.id,
      loadBalancing: 'round-robin',
      answers: {},
      ...clusterChanges(options),
    };
    await ask(terminal, options, { kind: 'add-cluster', cluster: wanted });
  });
}

function addUpdate(cluster: Command, terminal: Terminal): void {
  const command = cluster
    .command('update')
    .description('change what is named here and leave the rest as it is')
    .requiredOption('-i, --id <cluster>', 'id of the cluster')
    .option(
      '--default <name>',
      'this has its default again; may be repeated',
      defaultOption(CLUSTER_DEFAULTS),
    );
  withExamples(
    withClusterOptions(command),
    'relais cluster update -i shop --max-requests 200',
    'relais cluster update -i shop --default request-rate',
  ).action(async (_options, given: Command) => {
    const options = given.optsWithGlobals<UpdateOptions>();
    const changes = clusterChanges(options);
    const reset = options.default ?? [];
    if (Object.keys(changes).length + reset.length === 0) {
      given.error('error: what is to change? Give at least one option');
    }
    const request: ProxyRequest = { kind: 'patch-cluster', clusterId: options.id, changes, reset };
    await ask(terminal, options, request);
  });
}

function addList(cluster: Command, terminal: Terminal): void {
  withExamples(
    cluster
      .command('list')
      .description('show every cluster with its frontends and backends')
      .option('-i, --id <cluster>', 'only this one, with its settings')
      .option('-d, --domain <host>', 'only those that a frontend of this host leads to', text =>
        checked(hostnameField, text),
      ),
    'relais cluster list',
    'relais cluster list -d shop.example.org',
  ).action((_options, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions & { id?: string; domain?: string }>();
    const filter = setKeys({ clusterId: options.id, hostname: options.domain });
    return ask(terminal, options, { kind: 'list-clusters', ...filter }, reply =>
      reply.content === undefined ? '' : showClusters(reply.content, options.id !== undefined),
    );
  });
}
