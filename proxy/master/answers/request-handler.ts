/** Answers the requests of the command socket from the state and from all workers. */

import type { Explain, ListFrontends } from '../../command/control-requests.ts';
import { canDryRun } from '../../command/request-schemas.ts';
import type { ChangeRequest, ProxyRequest } from '../../command/requests.ts';
import type { Prober } from '../../health/prober.ts';
import { assertNever } from '../../shared/assert-never.ts';
import { ProxyError } from '../../shared/errors.ts';
import { suggest } from '../../shared/nearest.ts';
import { plural } from '../../shared/plural.ts';
import { replay } from '../../state/replay.ts';
import type { Asker } from '../command-socket/command-session.ts';
import type { StateFiles } from '../files/state-files.ts';
import type { MainUpgrade } from '../succession/main-upgrade.ts';
import { UpgradeLock } from '../succession/upgrade-lock.ts';
import { WorkerUpgrades } from '../workers/worker-upgrades.ts';
import { answerAdmin, type DrainTools } from './answer-admin.ts';
import { answerChange } from './answer-change.ts';
import { answerEvents } from './answer-events.ts';
import { answerMetrics, answerWhy, clearMetrics } from './answer-records.ts';
import { StatusAnswers, type StatusSources } from './answer-status.ts';
import { answerStop, type StopHoldings } from './answer-stop.ts';
import type { EventLog } from './event-log.ts';
import { explain } from './explain.ts';
import { reportClusters, reportFrontends, reportListeners } from './report-lists.ts';
import { reportBackends } from './reports.ts';
import type { RequestCounts } from './request-counts.ts';

/** What the handler works on; the main process owns all of it. */
export interface Holdings extends StatusSources, DrainTools {
  readonly events: EventLog;
  readonly files: StateFiles;
  readonly counts: RequestCounts;
  readonly stop: StopHoldings['stop'];
  readonly mainUpgrade: MainUpgrade;
  readonly prober: Pick<Prober, 'progress' | 'prove'>;
}

const SNAPSHOT_TIMEOUT_MS = 2_000;

export class RequestHandler {
  readonly #holdings: Holdings;
  readonly #lock = new UpgradeLock();
  readonly #upgrades: WorkerUpgrades;
  readonly #status: StatusAnswers;

  constructor(holdings: Holdings) {
    this.#holdings = holdings;
    this.#upgrades = new WorkerUpgrades(holdings.pool, this.#lock);
    this.#status = new StatusAnswers(holdings);
  }

  /** Rejects with the reason when the request cannot be done. */
  async handle(request: ProxyRequest, asker: Asker): Promise<void> {
    if (asker.dryRun && !canDryRun(request.kind)) {
      throw refused(`there is no dry run of "${request.kind}": leave dryRun out`);
    }
    await this.#answer(request, asker);
  }

  async #answer(request: ProxyRequest, asker: Asker): Promise<void> {
    switch (request.kind) {
      case 'configure':
      case 'add-listener':
      case 'update-listener':
      case 'remove-listener':
      case 'activate-listener':
      case 'deactivate-listener':
      case 'add-cluster':
      case 'keep-cluster':
      case 'remove-cluster':
      case 'add-frontend':
      case 'remove-frontend':
      case 'add-backend':
      case 'remove-backend':
      case 'set-weight':
      case 'patch-listener':
      case 'patch-cluster':
      case 'patch-settings':
        return this.#change(asker, [request]);
      case 'set-backend-admin':
        return answerAdmin(this.#holdings, asker, request);
      case 'transaction':
        return this.#change(asker, request.requests);
      case 'status':
        return this.#status.answer(asker);
      case 'list-backends':
        return this.#listBackends(asker, request.clusterId);
      case 'list-clusters':
        return this.#listClusters(asker, request);
      case 'list-frontends':
        return this.#listFrontends(asker, request);
      case 'list-listeners':
        return this.#listListeners(asker);
      case 'explain':
        return this.#explain(asker, request);
      case 'why':
        return answerWhy(this.#holdings.pool, asker, request.requestId);
      case 'show-metrics':
        return answerMetrics(this.#holdings.pool, asker, request.perWorker === true);
      case 'clear-metrics':
        return clearMetrics(this.#holdings.pool, asker);
      case 'dump-state':
      case 'count-requests':
        return request.kind === 'dump-state' ? this.#dumpState(asker) : this.#countRequests(asker);
      case 'reload':
      case 'load-state':
      case 'save-state':
        return this.#holdings.files.answer(asker, request);
      case 'subscribe-events':
        return answerEvents(this.#holdings.events, asker, request);
      case 'upgrade-worker':
      case 'upgrade-workers':
        return this.#upgrades.answer(asker, request);
      case 'upgrade-main':
        return this.#upgradeMain(asker, request.deadlineMs);
      case 'soft-stop':
      case 'hard-stop':
        return answerStop(this.#holdings, asker, request);
      default:
        return assertNever(request);
    }
  }

  #upgradeMain(asker: Asker, deadlineMs: number | undefined): Promise<void> {
    return this.#lock.hold('the main process is being replaced', () =>
      this.#holdings.mainUpgrade.answer(asker, deadlineMs),
    );
  }

  #change(asker: Asker, requests: readonly ChangeRequest[]): Promise<void> {
    const { changes, names } = this.#holdings;
    return answerChange(changes, names, asker, requests);
  }

  async #listBackends(asker: Asker, clusterId: string | undefined): Promise<void> {
    const { state, pool, prober } = this.#holdings;
    if (clusterId !== undefined && !state.clusters.has(clusterId)) {
      const known = [...state.clusters.keys()];
      throw refused(`there is no cluster "${clusterId}"${suggest(clusterId, known)}`);
    }
    const answers = await pool.ask(worker => worker.snapshot(SNAPSHOT_TIMEOUT_MS));
    const backends = reportBackends(state, answers, clusterId, backend => prober.progress(backend));
    const message = plural(backends.length, 'backend');
    asker.reply({ status: 'ok', message, content: { backends } });
  }

  #listClusters(asker: Asker, filter: Extract<ProxyRequest, { kind: 'list-clusters' }>): void {
    const content = reportClusters(this.#holdings.state, filter);
    asker.reply({ status: 'ok', message: plural(content.clusters.length, 'cluster'), content });
  }

  #listFrontends(asker: Asker, filter: ListFrontends): void {
    const content = reportFrontends(this.#holdings.state, filter);
    asker.reply({ status: 'ok', message: plural(content.frontends.length, 'frontend'), content });
  }

  async #listListeners(asker: Asker): Promise<void> {
    const { state, pool } = this.#holdings;
    const answers = await pool.ask(worker => worker.snapshot(SNAPSHOT_TIMEOUT_MS));
    const content = reportListeners(state, answers);
    asker.reply({ status: 'ok', message: plural(content.listeners.length, 'listener'), content });
  }

  async #explain(asker: Asker, request: Explain): Promise<void> {
    const { state, pool } = this.#holdings;
    const answers = await pool.ask(worker => worker.snapshot(SNAPSHOT_TIMEOUT_MS));
    const explained = explain(state, request, reportBackends(state, answers, undefined));
    if (!explained.ok) throw explained.error;
    const content = explained.value;
    asker.reply({ status: 'ok', message: content.outcome, content });
  }

  /** Not in the middle of a change: somebody may refuse it. */
  async #dumpState(asker: Asker): Promise<void> {
    const { state, changes } = this.#holdings;
    const content = await changes.whenQuiet(async () => ({
      hash: this.#status.hash(),
      requests: replay(state),
    }));
    asker.reply({ status: 'ok', message: plural(content.requests.length, 'request'), content });
  }

  #countRequests(asker: Asker): void {
    const content = { counts: this.#holdings.counts.read() };
    const total = Object.values(content.counts).reduce((sum, count) => sum + count, 0);
    asker.reply({ status: 'ok', message: `${plural(total, 'request')} since the start`, content });
  }
}

function refused(message: string): ProxyError {
  return new ProxyError('PROXY_REQUEST_INVALID', message);
}
