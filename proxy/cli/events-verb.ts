/** `relais events`: what happens, as it happens. */
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandClient } from '../command/client.ts';
import type { SubscribeEvents } from '../command/control-requests.ts';
import type { ProxyEvent, ProxyEventKind } from '../command/events.ts';
import { eventKindField } from '../command/request-schemas.ts';
import { setKeys } from '../config/set-keys.ts';
import { parseCount } from './arguments.ts';
import { fail, type GlobalOptions, reach } from './ask.ts';
import { withExamples } from './examples.ts';
import { showEvent } from './show.ts';
import { EXIT_FAILURE, Exit, type Terminal } from './terminal.ts';

type EventsOptions = GlobalOptions & {
  readonly since?: number;
  readonly last?: number;
  readonly kind?: readonly ProxyEventKind[];
  readonly follow: boolean;
};

type Wanted = Omit<SubscribeEvents, 'kind' | 'follow'>;

export function addEventsVerb(program: Command, terminal: Terminal): void {
  withExamples(
    program
      .command('events')
      .description('print what happens: the events that are kept, then each new one')
      .option('-n, --last <n>', 'of those that are kept only so many; 0: none', parseCount)
      .option('--since <number>', 'only those behind the event of this number', parseCount)
      .option('--kind <a,b>', 'only these kinds; may be repeated', addKinds)
      .option('--no-follow', 'end behind those that are kept'),
    'relais events -n 20',
    'relais events --kind breaker-opened,breaker-closed --json',
    'relais events --since 4711 --no-follow',
  ).action(async (_options, command: Command) => {
    const options = command.optsWithGlobals<EventsOptions>();
    const wanted = setKeys({ since: options.since, last: options.last, kinds: options.kind });
    const client = await reach(terminal, options);
    const tell = (event: ProxyEvent): void =>
      terminal.out(`${options.json === true ? JSON.stringify(event) : showEvent(event)}\n`);
    try {
      if (options.follow) await follow(terminal, client, wanted, tell);
      else await printKept(terminal, client, wanted, tell);
    } finally {
      client.close();
    }
  });
}

async function printKept(
  terminal: Terminal,
  client: CommandClient,
  wanted: Wanted,
  tell: (event: ProxyEvent) => void,
): Promise<void> {
  const request = { kind: 'subscribe-events', follow: false, ...wanted } as const;
  const reply = await client.send(request, {
    onProcessing: ({ message, content }) => {
      if (content === undefined) terminal.err(`${message}\n`);
      else tell(content as ProxyEvent);
    },
  });
  if (reply.status !== 'ok') fail(terminal, reply.message);
}

/** Resolves when the proxy has been stopped; any other end is a failure. */
function follow(
  terminal: Terminal,
  client: CommandClient,
  wanted: Wanted,
  tell: (event: ProxyEvent) => void,
): Promise<void> {
  let isStopping = false;
  return new Promise((resolve, reject) => {
    const onEvent = (event: ProxyEvent): void => {
      isStopping ||= event.kind === 'stop-requested';
      tell(event);
    };
    const onEnd = (error: Error): void => {
      terminal.err(`${error.message}\n`);
      if (isStopping) resolve();
      else reject(new Exit(EXIT_FAILURE));
    };
    const onNote = (message: string): void => terminal.err(`${message}\n`);
    client.events(onEvent, onEnd, { ...wanted, onNote });
  });
}

function addKinds(text: string, before: readonly ProxyEventKind[] = []): ProxyEventKind[] {
  const kinds = text.split(',').map(part => {
    const kind = eventKindField.safeParse(part);
    if (kind.success) return kind.data;
    throw new InvalidArgumentError(kind.error.issues[0]?.message ?? '');
  });
  return [...before, ...kinds];
}
