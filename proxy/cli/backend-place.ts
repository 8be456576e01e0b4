/** The options that name one backend, in the spellings of all times. */
import type { Command } from 'commander';
import { formatAddress, parseAddress } from '../shared/address.ts';
import { parseBackendAddress, parseCount, parseId } from './arguments.ts';
import type { GlobalOptions } from './ask.ts';

export interface PlaceOptions extends GlobalOptions {
  readonly id: string;
  readonly address?: string;
  readonly ip?: string;
  readonly port?: number;
  readonly backendId?: string;
  readonly instanceId?: string;
}

export function withPlace(command: Command): Command {
  return command
    .requiredOption('-i, --id <cluster>', 'id of the cluster')
    .option('-a, --address <address>', 'IP:PORT or NAME:PORT of the backend', parseBackendAddress)
    .option('--ip <ip>', 'address in two parts: the IP …')
    .option('-p, --port <port>', '… and the port', parseCount)
    .option('--backend-id <id>', 'name of the backend; default: its address', parseId)
    .option('--instance-id <id>', 'the same as --backend-id, as it was called in 2018', parseId);
}

export function placeOf(command: Command): {
  clusterId: string;
  address: string;
  backendId?: string;
} {
  const options = command.optsWithGlobals<PlaceOptions>();
  const backendId = options.backendId ?? options.instanceId;
  const base = { clusterId: options.id, address: addressOf(command, options) };
  return backendId === undefined ? base : { ...base, backendId };
}

function addressOf(command: Command, { address, ip, port }: PlaceOptions): string {
  if (address !== undefined && (ip !== undefined || port !== undefined)) {
    command.error('error: give either --address or --ip and --port');
  }
  if (address !== undefined) return address;
  if (ip === undefined || port === undefined) {
    command.error('error: which address? --address IP:PORT, or --ip IP --port PORT');
  }
  const parsed = parseAddress(formatAddress(ip, port));
  if (!parsed.ok) command.error(`error: ${parsed.error.message}`);
  return formatAddress(parsed.value.ip, port);
}
