/** `relais frontend add --id … --hostname …`, as it was in 2017: no listener, and no cluster before it. */
import type { Command } from 'commander';
import { hostnameField } from '../command/fields.ts';
import type { ChangeRequest, FrontendAnywhere } from '../command/requests.ts';
import { formatAddress } from '../shared/address.ts';
import { checked, parseCount, parseId, parseOneAddress } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import type { Terminal } from './terminal.ts';

interface OldFrontendOptions extends GlobalOptions {
  readonly id: string;
  readonly hostname: string;
  /** Both are how the path's begin was called. */
  readonly path_begin?: string;
  readonly path?: string;
  readonly stickySession?: boolean;
  readonly address?: string;
  readonly listenerIp?: string;
  readonly listenerPort?: number;
}

export function addFrontends2017(program: Command, terminal: Terminal): void {
  const frontend = program.command('frontend-2017', { hidden: true });
  for (const verb of ['add', 'remove'] as const) {
    withOptions(frontend.command(verb)).action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<OldFrontendOptions>();
      const change = { kind: `${verb}-frontend`, frontend: frontendOf(command, options) } as const;
      const requests: ChangeRequest[] = verb === 'add' ? [keepCluster(options), change] : [change];
      await ask(terminal, options, { kind: 'transaction', requests });
    });
  }
}

function withOptions(command: Command): Command {
  return command
    .requiredOption('-i, --id <cluster>', 'the cluster; made when there is none', parseId)
    .requiredOption('--hostname <name>', 'as in frontend http add', text =>
      checked(hostnameField, text),
    )
    .option('--path_begin <path>', 'paths that begin so')
    .option('-p, --path <path>', 'the same')
    .option('--sticky-session', 'keep a visitor with the backend that served them first')
    .option('-a, --address <ip:port>', 'the listener; default: the only one', parseOneAddress)
    .option('--listener-ip <ip>', 'the same in two parts: the IP …')
    .option('--listener-port <port>', '… and the port', parseCount);
}

/** A cluster came to be with its first frontend. */
function keepCluster({ id, stickySession }: OldFrontendOptions): ChangeRequest {
  const kind = 'keep-cluster';
  return stickySession === true ? { kind, clusterId: id, stickySession } : { kind, clusterId: id };
}

function frontendOf(command: Command, options: OldFrontendOptions): FrontendAnywhere['frontend'] {
  const { id: clusterId, hostname, listenerIp: ip, listenerPort: port } = options;
  const begin = options.path_begin ?? options.path ?? '';
  const path = begin === '/' ? '' : begin;
  if ((ip === undefined) !== (port === undefined)) {
    command.error('error: give both --listener-ip and --listener-port, or neither');
  }
  const named =
    ip === undefined || port === undefined ? undefined : parseOneAddress(formatAddress(ip, port));
  const listener = options.address ?? named;
  return listener === undefined
    ? { hostname, path, clusterId }
    : { listener, hostname, path, clusterId };
}
