/** `relais backend …`: add, remove, weigh and show the backends of clusters. */
import type { Command } from 'commander';
import { requestFieldsField, wholePathField } from '../command/fields.ts';
import type { AddBackendByAddress, ProxyRequest } from '../command/requests.ts';
import { setKeys } from '../config/set-keys.ts';
import { checked, parseField, parseId, parseWeight } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { type PlaceOptions, placeOf, withPlace } from './backend-place.ts';
import { addDrainVerbs } from './drain-verbs.ts';
import { showBackends } from './show.ts';
import type { Terminal } from './terminal.ts';

interface AddOptions extends PlaceOptions {
  readonly weight?: number;
  readonly backup?: boolean;
  readonly stickyId?: string;
  readonly appVersion?: string;
  readonly header?: Record<string, string>;
  readonly replacePath?: string;
  readonly reuse?: boolean;
}

export function addBackendVerbs(program: Command, terminal: Terminal): void {
  const backend = program.command('backend').description('backends of clusters');
  addAdd(backend, terminal);
  withPlace(backend.command('remove'))
    .description('send no more requests to this address')
    .action(async (_options, command: Command) => {
      const place = placeOf(command);
      await ask(terminal, command.optsWithGlobals(), { kind: 'remove-backend', ...place });
    });
  withPlace(backend.command('weight'))
    .description('change the share of a backend; 0: no new request')
    .argument('<weight>', '0 to 1000, relative to the other backends; 100 is usual', parseWeight)
    .action(async (weight: number, _options, command: Command) => {
      const place = placeOf(command);
      await ask(terminal, command.optsWithGlobals(), { kind: 'set-weight', ...place, weight });
    });
  addDrainVerbs(backend, terminal);
  addList(backend, terminal);
}

function addAdd(backend: Command, terminal: Terminal): void {
  withPlace(backend.command('add'))
    .description('send requests to this address too; for a known one: reset its breaker')
    .option('-w, --weight <n>', 'share of the requests, 0 to 1000; default 100', parseWeight)
    .option('-b, --backup', 'use it only when no other backend can be used')
    .option('-s, --sticky-id <id>', 'value of the sticky cookie; default: the backend id', parseId)
    .option('--app-version <version>', 'version of the application, for metrics and logs', parseId)
    .option('-H, --header <field>', 'set in its requests: "Name: value"; may be repeated', addField)
    .option('--replace-path <path>', 'its requests ask for this path', parseWholePath)
    .option('--no-reuse', 'every request has a connection of its own')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<AddOptions>();
      const wanted: AddBackendByAddress['backend'] = {
        ...placeOf(command),
        ...setKeys({
          weight: options.weight,
          backup: options.backup,
          stickyId: options.stickyId,
          version: options.appVersion,
          requestFields: options.header,
          replacePath: options.replacePath,
          reuseConnections: options.reuse === false ? false : undefined,
        }),
      };
      const request: ProxyRequest = { kind: 'add-backend', backend: wanted };
      await ask(terminal, command.optsWithGlobals(), request);
    });
}

function addList(backend: Command, terminal: Terminal): void {
  backend
    .command('list')
    .description('show every backend with its breaker and counters')
    .option('-i, --id <cluster>', 'only this cluster')
    .option('-w, --workers', 'one line per worker')
    .action((_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { id?: string; workers?: boolean }>();
      const kind = 'list-backends';
      const request =
        options.id === undefined ? ({ kind } as const) : ({ kind, clusterId: options.id } as const);
      return ask(terminal, options, request, reply =>
        showBackends(reply.content?.backends ?? [], options.workers === true),
      );
    });
}

function addField(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [name, value] = parseField(text);
  return { ...before, ...checked(requestFieldsField, { [name]: value }) };
}

function parseWholePath(text: string): string {
  return checked(wholePathField, text);
}
