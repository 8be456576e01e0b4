/** The config file and the saved state of a running proxy: read, compared, put into effect, written. */
import type { PlanContent } from '../../command/change-plan.ts';
import type { EventBody } from '../../command/events.ts';
import type { FileRequest } from '../../command/file-requests.ts';
import { type Config, loadConfig } from '../../config/load.ts';
import { restartSentences } from '../../config/restart-keys.ts';
import { ProxyError } from '../../shared/errors.ts';
import { plural } from '../../shared/plural.ts';
import { buildState } from '../../state/build-state.ts';
import { type ConfigState, emptyState } from '../../state/config-state.ts';
import { planReload, type ReloadPlan } from '../../state/reload-plan.ts';
import { encodeState } from '../../state/saved-state.ts';
import { findState, saveState } from '../../state/saved-state-file.ts';
import { settlePorts } from '../../state/settle-ports.ts';
import type { ChangeDone, ChangeQueue } from '../changes/change-queue.ts';
import type { Asker } from '../command-socket/command-session.ts';
import type { NamedBackends } from '../names/named-backends.ts';
import { AutomaticSave } from './automatic-save.ts';

export interface StateFilesOptions {
  readonly state: ConfigState;
  readonly changes: ChangeQueue;
  readonly names: NamedBackends;
  /** That of the start. */
  readonly config: Config;
  readonly emit: (event: EventBody) => void;
}

type Request<Kind extends FileRequest['kind']> = Extract<FileRequest, { kind: Kind }>;

/** What is read, and what is told about it beside the plan. */
interface Wanted {
  readonly file: string;
  readonly state: ConfigState;
  readonly prune: boolean;
  readonly saysSwitches: boolean;
  readonly restart: readonly string[];
  readonly warnings: readonly string[];
}

/** More would only be scrolled past. */
const MAX_LINES = 1_000;

export class StateFiles {
  readonly #options: StateFilesOptions;
  readonly #automatic: AutomaticSave | undefined;
  /** What the config file said when it was read last: changes since then are those of run time. */
  #base: () => ConfigState = emptyState;

  constructor(options: StateFilesOptions) {
    this.#options = options;
    const { automaticStateSave, savedState } = options.config.settings;
    if (!automaticStateSave || savedState === undefined) return;
    this.#automatic = new AutomaticSave({
      save: async () => void (await this.#save(savedState)),
      schedule: (callback, delayMs) => {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
      onProblem: why => options.emit(saveEvent(savedState, why)),
      now: () => performance.now(),
    });
  }

  /** The state is what the start made of it. */
  begun(): void {
    const requests = settlePorts(this.#options.config.requests, this.#options.state);
    // Made of them only when it is asked for: it takes its time with many clusters.
    this.#base = () => {
      const base = buildState(requests);
      const state = base.ok ? base.value : emptyState();
      this.#base = () => state;
      return state;
    };
  }

  changed(): void {
    this.#automatic?.changed();
  }

  /** Nothing is left to save when it resolves, or it cannot be saved. */
  async stop(): Promise<void> {
    await this.#automatic?.flush();
  }

  /** Rejects with the reason when the request cannot be done. */
  answer(asker: Asker, request: FileRequest): Promise<void> {
    switch (request.kind) {
      case 'reload':
        return this.#reload(asker, request);
      case 'load-state':
        return this.#load(asker, request);
      default:
        return this.#saveTo(asker, request);
    }
  }

  async #reload(asker: Asker, { file: given, prune = false }: Request<'reload'>): Promise<void> {
    const file = given ?? this.#options.config.file;
    if (file === undefined) throw refused('this proxy has no config file: name one');
    const config = loadConfig(file);
    if (!config.ok) throw untouched(config.error);
    const base = this.#stateOf(config.value);
    if (!base.ok) throw untouched(base.error);
    const content = await this.#carryOut(asker, {
      file,
      state: base.value,
      prune,
      saysSwitches: false,
      restart: restartSentences(this.#options.config, config.value),
      warnings: config.value.warnings,
    });
    if (!asker.dryRun) {
      this.#base = () => base.value;
      this.changed();
      this.#options.emit({ kind: 'config-reloaded', cause: file });
    }
    asker.reply({ status: 'ok', message: summary(content, 'reloaded'), content });
  }

  async #load(asker: Asker, { file, prune = false }: Request<'load-state'>): Promise<void> {
    const found = findState(file);
    if (!found.ok) throw untouched(found.error);
    const { saved, warning } = found.value;
    if (saved === undefined) throw refused(`there is no saved state in ${file}`);
    const warnings = warning === undefined ? [] : [warning];
    const content = await this.#carryOut(asker, {
      file,
      state: saved.state,
      prune,
      saysSwitches: true,
      restart: [],
      warnings,
    });
    if (!asker.dryRun) this.#options.emit({ kind: 'state-loaded', cause: file });
    asker.reply({ status: 'ok', message: summary(content, 'loaded'), content });
  }

  async #saveTo(asker: Asker, { file: given }: Request<'save-state'>): Promise<void> {
    const file = given ?? this.#options.config.settings.savedState;
    if (file === undefined) {
      throw refused('where to? Name a file, or set saved_state in the config file');
    }
    const requests = await this.#save(file);
    this.#options.emit({ kind: 'state-saved', cause: file });
    const message = `saved ${plural(requests, 'request')} to ${file}`;
    asker.reply({ status: 'ok', message, content: { file, requests } });
  }

  async #save(file: string): Promise<number> {
    const { changes, state } = this.#options;
    const { text, requests } = await changes.whenQuiet(async () =>
      encodeState(state, this.#base(), new Date()),
    );
    await saveState(file, text).catch(cause => {
      throw cannotWrite(file, cause);
    });
    return requests;
  }

  /** The plan is made when it is its turn in the queue: nothing changes between plan and deed. */
  async #carryOut(asker: Asker, wanted: Wanted): Promise<PlanContent> {
    const { state, changes, names } = this.#options;
    const plans: ReloadPlan[] = [];
    const done = await changes.submitPlanned(() => {
      const plan = planReload(state, wanted.state, wanted);
      plans.push(plan);
      if (plan.requests.length === 0) return undefined;
      return { requests: plan.requests, dryRun: asker.dryRun, cause: `${wanted.file} says so` };
    });
    const [plan] = plans;
    if (plan === undefined) throw refused('the proxy is stopping and takes no changes');
    const unknown = asker.dryRun ? '' : await names.lookedUp(done?.effects ?? []);
    const warnings = [...wanted.warnings, ...(unknown === '' ? [] : [unknown])];
    return contentOf({ ...wanted, warnings }, plan, done, asker.dryRun);
  }

  #stateOf(config: Config): ReturnType<typeof buildState> {
    return buildState(settlePorts(config.requests, this.#options.state));
  }
}

function contentOf(
  { file, restart, warnings }: Wanted,
  { lines, unchanged }: ReloadPlan,
  done: ChangeDone | undefined,
  dryRun: boolean,
): PlanContent {
  return {
    file,
    lines: lines.slice(0, MAX_LINES),
    changes: lines.filter(({ sign }) => sign !== '=').length,
    omitted: Math.max(0, lines.length - MAX_LINES),
    unchanged,
    restart,
    warnings,
    applied: !dryRun,
    workers: done?.workers ?? 0,
  };
}

function summary({ file, changes, applied, workers }: PlanContent, done: string): string {
  if (changes === 0) return `${file} changes nothing`;
  const count = plural(changes, 'change');
  if (!applied) return `${file} would make ${count}`;
  return `${done} ${file}: ${count} on ${plural(workers, 'worker')}`;
}

function saveEvent(file: string, why: string | undefined): EventBody {
  if (why === undefined) return { kind: 'state-save-working', cause: file };
  return { kind: 'state-save-failing', cause: why };
}

function refused(message: string): ProxyError {
  return new ProxyError('PROXY_REQUEST_INVALID', message);
}

function cannotWrite(file: string, cause: unknown): ProxyError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ProxyError('PROXY_STATE_INVALID', `${file} cannot be written: ${why}`, cause);
}

/** What cannot be read changes nothing, and that is what a person wants to know first. */
function untouched({ code, message }: ProxyError): ProxyError {
  return new ProxyError(code, `nothing was changed:\n${message}`);
}
