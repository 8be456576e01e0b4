/** Runs the command line `lab` in a home of its own, and looks for what it left behind. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RunResult } from '../../labs/harness/result.ts';
import { addressPlan } from '../../vms/address-plan.ts';
import { findMarked } from '../../vms/programs/marked-processes.ts';
import { describeLease } from '../../vms/sweep.ts';
import { eventually } from './eventually.ts';
import { InstancePool } from './instance-pool.ts';

const main = path.resolve(import.meta.dirname, '../../bin/lab.js');
/** For a lab that hangs: on a slow and busy computer the longest one takes two minutes. */
const LIMIT_MS = 600_000;

/** On a slow and busy computer a step of a lab takes half a minute. */
const SAID_WITHIN_MS = 180_000;

const pool = new InstancePool();

export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class LabHome {
  readonly folder: string;
  readonly instance: number;
  /** What the kit prints behind a command, so that it goes to this instance. */
  readonly beside: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #temporary: string;
  readonly #running = new Set<RunningLab>();

  /** On an instance that nobody else has, until `remove`. Waits for one when all are taken. */
  static async open(): Promise<LabHome> {
    return new LabHome(await pool.take());
  }

  /** A home for one piece of work, which is removed however that ends. */
  static async use<T>(work: (home: LabHome) => Promise<T>): Promise<T> {
    const home = await LabHome.open();
    try {
      return await work(home);
    } finally {
      await home.remove();
    }
  }

  private constructor(instance: number) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'lab-home-'));
    this.instance = instance;
    this.beside = instance === 0 ? '' : ` --instance ${instance}`;
    this.#temporary = path.join(this.folder, 'tmp');
    mkdirSync(this.#temporary);
    this.#env = {
      ...process.env,
      LAB_HOME: this.folder,
      LAB_INSTANCE: String(instance),
      LAB_LANG: 'en',
      TMPDIR: this.#temporary,
    };
  }

  start(words: readonly string[], env: NodeJS.ProcessEnv = {}): RunningLab {
    return this.#spawn([process.execPath, main, ...words], env);
  }

  #spawn([file = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): RunningLab {
    const child = spawn(file, args, {
      env: { ...this.#env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lab = new RunningLab(child);
    this.#running.add(lab);
    void lab.ended.then(() => this.#running.delete(lab));
    return lab;
  }

  run(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ending> {
    return this.start(words, env).ended;
  }

  /** `before` comes before the command line: a program that changes whose it is, or its rights. */
  runAs(
    before: readonly string[],
    words: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<Ending> {
    return this.#spawn([...before, process.execPath, main, ...words], env).ended;
  }

  latestResult(): RunResult {
    const file = path.join(this.folder, 'runs/latest/result.json');
    return JSON.parse(readFileSync(file, 'utf8')) as RunResult;
  }

  /** No process, no port, no socket, no file outside the runs and logs. */
  async assertNothingLeft(): Promise<void> {
    const folder = this.#instanceFolder;
    const processes = await eventually('the last process is reaped', () => {
      const left = findMarked(folder);
      return left.length === 0 ? left : undefined;
    });
    assert.deepEqual(processes, []);
    const kept = existsSync(folder) ? readdirSync(folder) : [];
    assert.deepEqual(
      kept.filter(name => name !== 'logs' && name !== 'proxy'),
      [],
    );
    assert.deepEqual(readdirSync(this.#temporary), []);
    const plan = addressPlan(this.instance);
    const forwarded = Object.values(plan.machines).map(({ forwardedPort }) => forwardedPort);
    for (const port of [plan.proxyPort, ...forwarded]) await assertFree(port);
  }

  /** What a test that failed has left is ended: the next one has this instance. */
  async remove(): Promise<void> {
    for (const lab of this.#running) lab.kill('SIGTERM');
    await Promise.all([...this.#running].map(lab => lab.ended));
    const left = await describeLease(this.#instanceFolder);
    if (left.length > 0) await this.run(['clean', '--yes']);
    rmSync(this.folder, { recursive: true, force: true });
    pool.giveBack(this.instance);
  }

  get #instanceFolder(): string {
    return path.join(this.folder, 'instances', String(this.instance));
  }
}

export class RunningLab {
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', text => {
      this.#stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', text => {
      this.#stderr += text;
    });
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    this.ended = new Promise(resolve => {
      child.on('close', code => {
        clearTimeout(limit);
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Until the program has said something like this. */
  async said(pattern: RegExp): Promise<void> {
    await eventually(
      `"${pattern.source}" is said`,
      () => {
        if (pattern.test(this.#stdout + this.#stderr)) return true;
        if (this.#child.exitCode === null) return undefined;
        throw new Error(`ended ${this.#child.exitCode}: ${this.#stdout}${this.#stderr}`);
      },
      SAID_WITHIN_MS,
    );
  }
}

function assertFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}
