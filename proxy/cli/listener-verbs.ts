/** `relais listener …`: where the proxy accepts connections. */
import type { Command } from 'commander';
import type { Listener, ProxyRequest } from '../command/requests.ts';
import { DEFAULT_LIMITS } from '../config/limits.ts';
import { parseOneAddress } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { defaultOption } from './default-option.ts';
import { withExamples } from './examples.ts';
import {
  LISTENER_DEFAULTS,
  type ListenerOptions,
  listenerChanges,
  withListenerOptions,
} from './listener-options.ts';
import { showListeners } from './show-lists.ts';
import type { Terminal } from './terminal.ts';

type Place = GlobalOptions & { readonly address: string };
type AddOptions = Place & ListenerOptions & { readonly inactive?: boolean };
type UpdateOptions = Place & ListenerOptions & { readonly default?: readonly string[] };

export function addListenerVerbs(program: Command, terminal: Terminal): void {
  const listener = program.command('listener').description('where connections are accepted');
  addVerbs(listener, terminal, 'relais listener');
  const http = listener.command('http').description('the same verbs, as Sōzu spells them');
  addVerbs(http, terminal, 'relais listener http');
  for (const protocol of ['https', 'tcp', 'udp']) {
    listener
      .command(protocol, { hidden: true })
      .description(`not available: ${protocol}`)
      .allowUnknownOption()
      .allowExcessArguments()
      .action((_options, command: Command) =>
        command.error(`error: only HTTP is relayed, ${protocol} listeners are not available`),
      );
  }
}

function addVerbs(parent: Command, terminal: Terminal, words: string): void {
  addAdd(parent, terminal, words);
  addUpdate(parent, terminal, words);
  addSwitch(parent, terminal, words, 'activate', 'accept again on a listener that rests');
  addSwitch(parent, terminal, words, 'deactivate', 'accept no more; open connections go on');
  addSwitch(parent, terminal, words, 'remove', 'remove a listener with its frontends');
  withExamples(
    parent.command('list').description('show every listener, its connections and frontends'),
    `${words} list`,
  ).action((_options, command: Command) =>
    ask(terminal, command.optsWithGlobals(), { kind: 'list-listeners' }, reply =>
      reply.content === undefined ? '' : showListeners(reply.content),
    ),
  );
}

function addAdd(parent: Command, terminal: Terminal, words: string): void {
  const command = withAddress(parent.command('add'))
    .description('accept connections on one more address')
    .option('--inactive', 'know it, but accept only when it is activated');
  withExamples(
    withListenerOptions(command),
    `${words} add -a 127.0.0.1:8080`,
    `${words} add -a '[::]:8080' --back-timeout 5 --answer "503=Back in a minute."`,
  ).action(async (_options, given: Command) => {
    const options = given.optsWithGlobals<AddOptions>();
    const changes = listenerChanges(options);
    const listener: Listener = {
      address: options.address,
      protocol: 'http',
      ...(options.inactive === true ? { active: false } : {}),
      ...DEFAULT_LIMITS,
      answers: {},
      ...changes,
    };
    await ask(terminal, options, { kind: 'add-listener', listener });
  });
}

function addUpdate(parent: Command, terminal: Terminal, words: string): void {
  const command = withAddress(parent.command('update'))
    .description('change what is named here and leave the rest as it is')
    .option(
      '--default <name>',
      'this has its default again; may be repeated',
      defaultOption(LISTENER_DEFAULTS),
    );
  withExamples(
    withListenerOptions(command),
    `${words} update -a 127.0.0.1:8080 --back-timeout 5`,
    `${words} update -a 127.0.0.1:8080 --default deny --default answer-503`,
  ).action(async (_options, given: Command) => {
    const options = given.optsWithGlobals<UpdateOptions>();
    const changes = listenerChanges(options);
    const reset = options.default ?? [];
    if (Object.keys(changes).length + reset.length === 0) {
      given.error('error: what is to change? Give at least one option');
    }
    const { address } = options;
    await ask(terminal, options, { kind: 'patch-listener', address, changes, reset });
  });
}

function addSwitch(
  parent: Command,
  terminal: Terminal,
  words: string,
  verb: 'activate' | 'deactivate' | 'remove',
  description: string,
): void {
  withExamples(
    withAddress(parent.command(verb)).description(description),
    `${words} ${verb} -a 127.0.0.1:8080`,
  ).action(async (_options, command: Command) => {
    const options = command.optsWithGlobals<Place>();
    const request: ProxyRequest = { kind: `${verb}-listener`, address: options.address };
    await ask(terminal, options, request);
  });
}

function withAddress(command: Command): Command {
  return command.requiredOption('-a, --address <ip:port>', 'the listener', parseOneAddress);
}
