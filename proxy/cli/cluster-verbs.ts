/** `relais cluster …`: add, change, remove and show clusters. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Cluster, LoadBalancing } from '../command/requests.ts';
import { LOAD_BALANCING } from '../command/schemas.ts';
import { loadBalancingField } from '../config/today-cluster.ts';
import { parseId } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { showClusters } from './show.ts';
import type { Terminal } from './terminal.ts';

interface AddOptions extends GlobalOptions {
  readonly id: string;
  readonly loadBalancingPolicy: LoadBalancing;
  readonly stickySession?: boolean;
}

export function addClusterVerbs(program: Command, terminal: Terminal): void {
  const cluster = program.command('cluster').description('clusters');
  cluster
    .command('add')
    .description('make a cluster, or replace the settings of one; its backends stay')
    .requiredOption('-i, --id <cluster>', 'id of the cluster', parseId)
    .option(
      '--load-balancing-policy <policy>',
      `one of ${LOAD_BALANCING.join(', ')}`,
      parsePolicy,
      'round-robin',
    )
    .option('-s, --sticky-session', 'keep a visitor with the backend that served them first')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<AddOptions>();
      const wanted: Cluster = {
        id: options.id,
        loadBalancing: options.loadBalancingPolicy,
        answers: {},
        ...(options.stickySession === true ? { stickySession: true } : {}),
      };
      await ask(terminal, options, { kind: 'add-cluster', cluster: wanted });
    });
  cluster
    .command('remove')
    .description('remove a cluster with its frontends and backends')
    .requiredOption('-i, --id <cluster>', 'id of the cluster')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { id: string }>();
      await ask(terminal, options, { kind: 'remove-cluster', clusterId: options.id });
    });
  cluster
    .command('list')
    .description('show every cluster with its frontends and backends')
    .action((_options, command: Command) =>
      ask(terminal, command.optsWithGlobals(), { kind: 'list-clusters' }, reply =>
        reply.content === undefined ? '' : showClusters(reply.content),
      ),
    );
}

function parsePolicy(text: string): LoadBalancing {
  const decoded = loadBalancingField.safeParse(text);
  if (decoded.success) return decoded.data;
  throw new InvalidArgumentError(decoded.error.issues[0]?.message ?? '');
}
