/** `relais top`: a screen that shows what happens now; without a terminal, the same as text. */
import { type Command, InvalidArgumentError } from 'commander';
import { connectCommand } from '../../command/client.ts';
import type { Environment } from '../../config/colours.ts';
import { ProxyError } from '../../shared/errors.ts';
import { parseCount } from '../arguments.ts';
import { fail, type GlobalOptions, socketPath } from '../ask.ts';
import { withExamples } from '../examples.ts';
import type { Terminal } from '../terminal.ts';
import { LiveTerminal } from './live-terminal.ts';
import { renderTop, SORTS, type Sort, type TopOptions } from './render-top.ts';
import { Watch } from './watch.ts';

type Options = GlobalOptions & {
  readonly refresh: number;
  readonly snapshot?: number;
  readonly once?: boolean;
  readonly sort: Sort;
};

const TIMEOUT_MS = 3_000;
const TEXT_COLUMNS = 160;

export function addTopVerb(program: Command, terminal: Terminal, environment: Environment): void {
  withExamples(
    program
      .command('top')
      .description('watch workers, clusters, backends and events live')
      .option('--refresh <ms>', 'time between two looks', parseRefresh, 1000)
      .option('--sort <by>', SORTS.join(', '), parseSort, 'rate')
      .option('--snapshot <n>', 'print so many screens as text, then end', parseCount)
      .option('--once', 'the same as --snapshot 1'),
    'relais top',
    'relais top --refresh 250 --sort failures',
    'relais top --once',
  ).action(async (_options, command: Command) => {
    const options = command.optsWithGlobals<Options>();
    const { snapshot, once } = options;
    const socket = socketPath(terminal, options);
    const watch = new Watch(() => connectCommand(socket), options.timeout || TIMEOUT_MS);
    const isLive = process.stdin.isTTY && process.stdout.isTTY && environment['TERM'] !== 'dumb';
    try {
      if (snapshot === undefined && once !== true && isLive) {
        await watchLive(watch, options, environment['NO_COLOR'] === undefined);
      } else await printScreens(terminal, watch, options, once === true ? 1 : (snapshot ?? 1));
    } catch (error) {
      if (error instanceof ProxyError) fail(terminal, error.message);
      throw error;
    } finally {
      watch.close();
    }
  });
}

/** Two looks make the first screen: one alone knows no rates. */
async function printScreens(
  terminal: Terminal,
  watch: Watch,
  options: Options,
  count: number,
): Promise<void> {
  await watch.look();
  for (let shown = 0; shown < count; shown += 1) {
    await new Promise(resolve => setTimeout(resolve, options.refresh));
    await watch.look();
    const { view } = watch;
    if (view === undefined) continue;
    const plain = { columns: TEXT_COLUMNS, rows: 0, paused: false, colour: false, problem: '' };
    const lines = renderTop(view, { ...plain, sort: options.sort });
    terminal.out(`${shown === 0 ? '' : '\n'}${lines.join('\n')}\n`);
  }
}

function watchLive(watch: Watch, options: Options, colour: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    new LiveTop(watch, options, colour).run(resolve, reject);
  });
}

class LiveTop {
  readonly #watch: Watch;
  readonly #options: Options;
  readonly #colour: boolean;
  readonly #screen: LiveTerminal;
  #sort: Sort;
  #paused = false;
  #problem = '';
  #isLooking = false;
  #timer: NodeJS.Timeout | undefined;
  #onEnd: () => void = () => undefined;

  constructor(watch: Watch, options: Options, colour: boolean) {
    this.#watch = watch;
    this.#options = options;
    this.#colour = colour;
    this.#sort = options.sort;
    this.#screen = new LiveTerminal(process.stdin, process.stdout, {
      onKey: key => this.#press(key),
      onResize: () => this.#draw(),
      onEnd: () => this.#end(),
    });
  }

  /** The first look decides: a proxy that is not there is an error, one that goes away is waited for. */
  run(onEnd: () => void, onError: (error: unknown) => void): void {
    this.#onEnd = onEnd;
    this.#watch.look().then(() => {
      this.#screen.open();
      this.#draw();
      this.#wait();
    }, onError);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), this.#options.refresh);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    if (!this.#paused) {
      try {
        await this.#watch.look();
        this.#problem = '';
      } catch (error) {
        const why = error instanceof ProxyError ? error.message : 'the proxy does not answer';
        this.#problem = `${why}; trying again`;
      }
      this.#draw();
    }
    this.#isLooking = false;
    this.#wait();
  }

  #draw(): void {
    const { view } = this.#watch;
    if (view === undefined) return;
    const { columns, rows } = this.#screen;
    const options: TopOptions = {
      columns,
      rows,
      sort: this.#sort,
      paused: this.#paused,
      colour: this.#colour,
      problem: this.#problem,
    };
    this.#screen.draw(renderTop(view, options));
  }

  #press(key: string): void {
    if (key === 'q') {
      this.#end();
      return;
    }
    if (key === 'p') this.#paused = !this.#paused;
    if (key === 's') this.#sort = SORTS[(SORTS.indexOf(this.#sort) + 1) % SORTS.length] ?? 'rate';
    this.#draw();
    if (key === ' ') void this.#look();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#screen.close();
    this.#onEnd();
  }
}

function parseRefresh(text: string): number {
  const ms = parseCount(text);
  if (ms < 100 || ms > 60_000) throw new InvalidArgumentError('It must be 100 to 60000.');
  return ms;
}

function parseSort(text: string): Sort {
  const sort = SORTS.find(each => each === text);
  if (sort !== undefined) return sort;
  throw new InvalidArgumentError(`There are ${SORTS.join(', ')}.`);
}
