/** `relais completion SHELL`, and the answer to what that shell then asks. */
import { Argument, type Command } from 'commander';
import { type CommandClient, connectCommand } from '../command/client.ts';
import type { ReplyTo } from '../command/replies.ts';
import type { ProxyRequest } from '../command/requests.ts';
import type { Environment } from '../config/colours.ts';
import { findCommandSocket } from '../config/load.ts';
import { completeWords, type Live } from './complete-words.ts';
import { COMPLETE_WORD, SCRIPTS, SHELLS, type Shell } from './completion-scripts.ts';
import { withExamples } from './examples.ts';
import type { Terminal } from './terminal.ts';

/** Whoever has pressed the key is waiting. */
const ASK_TIMEOUT_MS = 500;

export function addCompletionVerb(program: Command, terminal: Terminal): void {
  withExamples(
    program
      .command('completion')
      .description('print what a shell needs to complete verbs, options and names')
      .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS)),
    'source <(relais completion bash)',
    'relais completion fish > ~/.config/fish/completions/relais.fish',
  ).action((shell: Shell) => terminal.out(SCRIPTS[shell]));
}

/** The words that a shell asks about; undefined when it is not a shell that asks. */
export function askedWords(argumentsGiven: readonly string[]): readonly string[] | undefined {
  return argumentsGiven[0] === COMPLETE_WORD ? argumentsGiven.slice(1) : undefined;
}

/** One candidate per line, its meaning behind a tab. */
export async function answerShell(
  program: Command,
  terminal: Terminal,
  environment: Environment,
  words: readonly string[],
): Promise<void> {
  const live = liveOf(socketOf(words, environment));
  for (const { word, meaning } of await completeWords(program, words, live)) {
    terminal.out(`${word}\t${meaning}\n`);
  }
}

/** An error is no candidate: there is nobody to read it. */
function socketOf(words: readonly string[], environment: Environment): string | undefined {
  const after = (...flags: readonly string[]): string | undefined => {
    const at = words.findIndex(word => flags.includes(word));
    return at < 0 ? undefined : words[at + 1];
  };
  const file = after('-c', '--config');
  const socket =
    after('-s', '--socket') ?? (file === undefined ? environment['RELAIS_SOCKET'] : undefined);
  if (socket !== undefined && socket !== '') return socket;
  const config = file ?? environment['RELAIS_CONFIG'];
  const found = config === undefined ? undefined : findCommandSocket(config);
  return found?.ok === true ? found.value : undefined;
}

function liveOf(socket: string | undefined): Live {
  return {
    clusters: async () =>
      (await asked(socket, { kind: 'list-clusters' }))?.clusters.map(each => each.id) ?? [],
    listeners: async () =>
      (await asked(socket, { kind: 'list-listeners' }))?.listeners.map(
        each => each.config.address,
      ) ?? [],
    backends: async clusterId => {
      const filter = clusterId === undefined ? {} : { clusterId };
      const content = await asked(socket, { kind: 'list-backends', ...filter });
      return (content?.backends ?? []).map(({ backendId, address, name }) => ({
        id: backendId,
        address: name ?? address,
      }));
    },
  };
}

async function asked<R extends ProxyRequest>(
  socket: string | undefined,
  request: R,
): Promise<ReplyTo<R>['content'] | undefined> {
  if (socket === undefined) return undefined;
  let client: CommandClient | undefined;
  try {
    client = await connectCommand(socket);
    return (await client.send(request, { timeoutMs: ASK_TIMEOUT_MS })).content;
  } catch {
    return undefined;
  } finally {
    client?.close();
  }
}
