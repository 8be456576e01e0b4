/** `relais frontend http …`: which requests go to which cluster. */
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { hostnameField, idField, textField } from '../command/fields.ts';
import type { Frontend } from '../command/requests.ts';
import { POSITIONS } from '../command/schemas.ts';
import { setKeys } from '../config/set-keys.ts';
import { checked, parseId, parseOneAddress } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { withExamples } from './examples.ts';
import { showFrontends } from './show-lists.ts';
import type { Terminal } from './terminal.ts';

interface FrontendOptions extends GlobalOptions {
  readonly address: string;
  readonly hostname: string;
  readonly pathPrefix?: string;
  readonly pathSegment?: string;
  readonly pathEquals?: string;
  readonly pathRegex?: string;
  readonly method?: string;
  readonly position?: NonNullable<Frontend['position']>;
  readonly tags?: Frontend['tags'];
}

type ListOptions = GlobalOptions & {
  readonly address?: string;
  readonly domain?: string;
  readonly id?: string;
};

const positionField = z.enum(POSITIONS);
const tagsField = z.record(idField, textField);

export function addFrontendVerbs(program: Command, terminal: Terminal): void {
  const frontends = program.command('frontend').description('which requests go to which cluster');
  const http = frontends.command('http').description('frontends of HTTP listeners');
  addList(http, terminal, 'relais frontend http list');
  addList(frontends, terminal, 'relais frontend list');
  for (const verb of ['add', 'remove'] as const) {
    const description = verb === 'add' ? 'lead requests to a cluster' : 'lead them there no more';
    const parent = withMatch(http.command(verb)).description(description);
    const send = async (command: Command, clusterId: string | null): Promise<void> => {
      const request = {
        kind: `${verb}-frontend`,
        frontend: frontendOf(command, clusterId),
      } as const;
      await ask(terminal, command.optsWithGlobals(), request);
    };
    parent
      .command('id <cluster>')
      .description('the cluster that serves them')
      .action((cluster: string, _options, command: Command) => send(command, parseId(cluster)));
    parent
      .command('deny')
      .description('no cluster: they are refused, 401')
      .action((_options, command: Command) => send(command, null));
  }
}

function addList(parent: Command, terminal: Terminal, words: string): void {
  withExamples(
    parent
      .command('list')
      .description('show every frontend, in the order in which they were added')
      .option('-a, --address <ip:port>', 'only those of this listener', parseOneAddress)
      .option('-d, --domain <host>', 'only those of this host', text =>
        checked(hostnameField, text),
      )
      .option('-i, --id <cluster>', 'only those that lead to this cluster')
      .addOption(new Option('--http', 'all of them are').hideHelp()),
    words,
    `${words} -d shop.example.org`,
  ).action((_options, command: Command) => {
    const options = command.optsWithGlobals<ListOptions>();
    const { address, domain, id } = options;
    const filter = setKeys({ listener: address, hostname: domain, clusterId: id });
    return ask(terminal, options, { kind: 'list-frontends', ...filter }, reply =>
      reply.content === undefined ? '' : showFrontends(reply.content),
    );
  });
}

function withMatch(command: Command): Command {
  return command
    .requiredOption('-a, --address <ip:port>', 'the listener', parseOneAddress)
    .requiredOption(
      '--hostname <name>',
      'exact, *.example.org (one label), /regex/.example.org, or *',
      text => checked(hostnameField, text),
    )
    .option('-p, --path-prefix <path>', 'paths that begin so, byte for byte')
    .option('--path-segment <path>', 'paths that begin so, whole segments only')
    .option('--path-equals <path>', 'exactly this path')
    .option('--path-regex <pattern>', 'paths that match from end to end (RE2)')
    .option('-m, --method <method>', 'only this method')
    .option('--position <position>', 'pre, tree or post', parsePosition)
    .option('--tags <k=v,…>', 'shown in the access log', parseTags);
}

function frontendOf(command: Command, clusterId: string | null): Frontend {
  const options = command.optsWithGlobals<FrontendOptions>();
  const { address, hostname, method, position, tags } = options;
  const kinds = [
    ['prefix', options.pathPrefix],
    ['segment', options.pathSegment],
    ['equals', options.pathEquals],
    ['regex', options.pathRegex],
  ] as const;
  const given = kinds.filter(([, text]) => text !== undefined);
  if (given.length > 1) command.error('error: give one path, of one kind');
  const [pathKind = 'prefix', path = ''] = given[0] ?? [];
  return {
    listener: address,
    hostname,
    path,
    clusterId,
    ...(pathKind === 'prefix' ? {} : { pathKind }),
    ...(method === undefined ? {} : { method }),
    ...(position === undefined ? {} : { position }),
    ...(tags === undefined ? {} : { tags }),
  };
}

function parsePosition(text: string): NonNullable<Frontend['position']> {
  return checked(positionField, text.toLowerCase());
}

function parseTags(text: string): Record<string, string> {
  return checked(tagsField, Object.fromEntries(text.split(',').map(pair => splitPair(pair))));
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}
