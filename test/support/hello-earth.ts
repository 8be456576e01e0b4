/** Starts the bundled sample apps as machines do: `node hello-earth.cjs`, told by its environment. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { eventually } from './eventually.ts';

const helloEarth = path.resolve(import.meta.dirname, '../../hello-earth.cjs');
const echoApp = path.resolve(import.meta.dirname, '../../echo-app.cjs');

export interface HelloEarth {
  readonly process: ChildProcess;
  /** The port that the app printed. */
  readonly port: number;
  readonly url: string;
  /** What it printed so far, on both streams. */
  readonly output: () => string;
  /** SIGTERM, then the exit code. */
  readonly stop: () => Promise<number | null>;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type AppEnvironment = Readonly<Record<string, string>>;

/** Descriptors from 3 on are inherited by the app. */
export function startHelloEarth(
  env: AppEnvironment = {},
  inherited: readonly number[] = [],
): Promise<HelloEarth> {
  const started = launch([helloEarth], { PORT: '0', HOST: '127.0.0.1', ...env }, inherited);
  return awaitStarted(started);
}

/** The one that says which colour the proxy named. */
export function startEchoApp(env: AppEnvironment = {}, address?: string): Promise<HelloEarth> {
  const words = address === undefined ? [echoApp] : [echoApp, address];
  return awaitStarted(launch(words, { PORT: '0', HOST: '127.0.0.1', ...env }, []));
}

async function awaitStarted({ child, printed }: Launched): Promise<HelloEarth> {
  const port = await eventually('the app is started', () => {
    if (child.exitCode !== null) throw new Error(`exited ${child.exitCode}: ${printed.stderr}`);
    return Number(/listening on (\d+)/.exec(printed.stdout)?.[1]) || undefined;
  }).catch(error => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    process: child,
    port,
    url: `http://127.0.0.1:${port}`,
    output: () => printed.stdout + printed.stderr,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      return (await exited)[0] as number | null;
    },
  };
}

/** Runs the app until it ends by itself, as it does when it cannot start. */
export function runHelloEarth(
  env: AppEnvironment,
  inherited: readonly number[] = [],
): Promise<Outcome> {
  return awaitEnd(launch([helloEarth], env, inherited));
}

export function runEchoApp(env: AppEnvironment, address: string): Promise<Outcome> {
  return awaitEnd(launch([echoApp, address], env, []));
}

async function awaitEnd({ child, printed }: Launched): Promise<Outcome> {
  const watchdog = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(watchdog);
  return { code, ...printed };
}

interface Launched {
  readonly child: ChildProcess;
  readonly printed: { stdout: string; stderr: string };
}

function launch(
  words: readonly string[],
  env: AppEnvironment,
  inherited: readonly number[],
): Launched {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...inherited];
  const child = spawn(process.execPath, [...words], { env, stdio });
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text;
  });
  return { child, printed };
}
