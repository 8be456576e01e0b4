/** `relais backend drain | maint | ready`. */
import type { Command } from 'commander';
import type { SetBackendAdmin } from '../command/requests.ts';
import { deadlineOf, parseSeconds } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { placeOf, withPlace } from './backend-place.ts';
import { showWaiting } from './show-holders.ts';
import { EXIT_INTERRUPTED, Exit, type Terminal } from './terminal.ts';

interface DrainOptions extends GlobalOptions {
  readonly deadline?: number;
  readonly wait: boolean;
}

const VERBS = {
  drain: 'send no new request there, and wait until what it has in progress has ended',
  maint: 'the same, and do not check its health until it is ready again',
} as const;

export function addDrainVerbs(backend: Command, terminal: Terminal): void {
  for (const admin of ['drain', 'maint'] as const) {
    withPlace(backend.command(admin))
      .description(VERBS[admin])
      .option('--deadline <seconds>', 'cut what is left after this time', parseSeconds)
      .option('--no-wait', 'do not wait until it is safe to stop')
      .action(async (_options, command: Command) => {
        const options = command.optsWithGlobals<DrainOptions>();
        const place = placeOf(command);
        await drain(terminal, options, {
          kind: 'set-backend-admin',
          ...place,
          admin,
          ...deadlineOf(options),
          wait: options.wait && options.dryRun !== true,
        });
      });
  }
  withPlace(backend.command('ready'))
    .description('send requests there again; its breaker is closed, and checks begin anew')
    .option(
      '--when-healthy <seconds>',
      'as soon as its health checks pass; not at all when they fail, or not in this time',
      parseSeconds,
    )
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { readonly whenHealthy?: number }>();
      const { whenHealthy } = options;
      const place = placeOf(command);
      const request = { kind: 'set-backend-admin', ...place, admin: 'ready' } as const;
      if (whenHealthy === undefined) return ask(terminal, options, request);
      const patience = { ...options, defaultTimeoutMs: 0 };
      const whenHealthyMs = Math.round(whenHealthy * 1000);
      await ask(terminal, patience, { ...request, whenHealthyMs });
    });
}

/** Ctrl-C ends the waiting, not the drain. */
async function drain(
  terminal: Terminal,
  options: DrainOptions,
  request: SetBackendAdmin,
): Promise<void> {
  let hasBegun = false;
  const patience = request.wait === true ? { ...options, defaultTimeoutMs: 0 } : options;
  const asked = ask(terminal, patience, request, showWaiting, step => {
    hasBegun = true;
    return showWaiting(step);
  });
  let interrupt = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => {
      if (hasBegun) terminal.err(goesOn(request));
      reject(new Exit(EXIT_INTERRUPTED));
    };
  });
  process.once('SIGINT', interrupt);
  try {
    await Promise.race([asked, interrupted]);
  } finally {
    process.off('SIGINT', interrupt);
  }
}

function goesOn({ clusterId, address, deadlineMs }: SetBackendAdmin): string {
  const deadline = deadlineMs === undefined ? '' : ', with its deadline';
  return (
    `The drain goes on without you${deadline}: "relais events" tells when it is safe to stop.\n` +
    `End it with "relais backend ready -i ${clusterId} -a ${address}".\n`
  );
}
