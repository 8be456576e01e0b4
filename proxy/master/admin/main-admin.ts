/** The admin server of a main process. */
import type { ConfigState } from '../../state/config-state.ts';
import type { EventLog } from '../answers/event-log.ts';
import type { CommandHandler } from '../command-socket/command-session.ts';
import type { MasterOptions } from '../master-options.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { AdminServer } from './admin-server.ts';
import { masterFigures } from './master-figures.ts';

/** What the main process shows of itself. */
export interface MainView {
  readonly state: ConfigState;
  readonly events: EventLog;
  readonly pool: WorkerPool;
  readonly answer: CommandHandler;
  readonly clients: () => number;
  readonly phase: () => 'starting' | 'serving' | 'stopping';
}

export function mainAdmin(options: MasterOptions, view: MainView): AdminServer {
  const { config, version, logger, service } = options;
  const { state, events, pool, answer, clients, phase } = view;
  return new AdminServer({
    settings: config.admin,
    version,
    logger,
    handle: (request, asker) => service.around(request, () => answer(request, asker)),
    figures: () =>
      masterFigures(state, {
        isStopping: phase() === 'stopping',
        commandClients: clients(),
        events: events.counts,
      }),
    workers: () => pool.workers.length,
    unready: () => {
      if (phase() !== 'serving') return `the proxy is ${phase()}`;
      const running = pool.workers.some(worker => worker.runState === 'running');
      return running ? undefined : 'no worker is running';
    },
  });
}
