/** However a room ends, in order or by kill -9, nothing of it remains. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { findMarked } from '../../../vms/programs/marked-processes.ts';
import type { Provider } from '../../../vms/provider.ts';
import { describeLease, sweep } from '../../../vms/sweep.ts';
import { eventually } from '../../support/eventually.ts';
import { rejectsWith } from '../../support/machine-errors.ts';
import { openTestFolder, openTestRoom, statusOf, type TestRoom } from '../../support/machines.ts';
import { assertNothingRemains, footprintOf, footprintOfFolder } from '../../support/remains.ts';
import { ONE_BY_ONE } from './one-by-one.ts';

/** `shared`: as few machines as will do. */
export function testEnds(provider: Provider, shared = false): void {
  const bootsWithinMs = 60_000 * (provider.capabilities.pace ?? 1);
  describe('ends', ONE_BY_ONE, () => {
    let lab: TestRoom;
    beforeEach(async () => {
      lab = await openTestRoom(provider);
    });
    afterEach(() => lab.end());
    const appRuns = async () => (await statusOf(lab, 'webapp1'))?.appRunning;

    it('leaves nothing when it is closed, whatever its machines suffer from', async () => {
      const sufferings = (['power-off', 'blackhole', 'freeze', 'crash'] as const).slice(
        0,
        shared ? 2 : 4,
      );
      const names = ['healthy', ...sufferings];
      await Promise.all(names.map((name, index) => lab.room.up(lab.spec(name, 21 + index))));
      await lab.room.spawnHub({ name: 'sleeper', file: 'sleep', args: ['1000'], sockets: [] });
      const footprint = await footprintOf(lab.room, lab.folder);
      for (const how of sufferings) await lab.room.fail(how, how);
      await lab.room.close();
      await lab.room.close();
      await assertNothingRemains(footprint);
    });

    it('ends its companions in order: parents first, and whoever does not hear', async () => {
      const footprint = await footprintOf(lab.room, lab.folder);
      const before = findMarked(lab.folder).length;
      const env = { ...process.env, ...lab.room.companionMarks };
      const script = "trap 'kill $!; echo in order; exit' TERM; sleep 1000 & wait";
      const obedient = spawn('sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      const said = obedient.stdout.setEncoding('utf8').toArray();
      const deaf = spawn('sh', ['-c', 'trap "" TERM; sleep 1000'], { env, stdio: 'ignore' });
      const ended = Promise.all([once(obedient, 'exit'), once(deaf, 'exit')]);
      const all = before + 4;
      await eventually('all four run', () => findMarked(lab.folder).length === all || undefined);
      await lab.room.endCompanions(300);
      await ended;
      assert.deepEqual(await said, ['in order\n']);
      await lab.room.close();
      await assertNothingRemains(footprint);
    });

    it('keeps its logs until the next room in its folder', async () => {
      await lab.room.up(lab.spec('webapp1', 21));
      await lab.room.close();
      const log = path.join(lab.folder, 'logs', 'webapp1.log');
      assert.equal(await readFile(log, 'utf8'), 'starts v1\n');
      const next = await lab.reopen();
      await next.up(lab.spec('webapp1', 21, { version: 'v2' }));
      assert.equal(await next.logs('webapp1'), 'starts v2\n');
      await next.close();
    });

    it('stops what is under way when it is closed', async () => {
      const coming = lab.room.up(lab.spec('webapp1', 21, { env: { LISTEN_NEVER: 'yes' } }));
      const running = lab.room.execHub(['sleep', '1000']);
      const refused = [coming, running].map(task =>
        assert.rejects(task, rejectsWith('VM_ABORTED', /./)),
      );
      await eventually('the app runs', appRuns, bootsWithinMs);
      await lab.room.close();
      await Promise.all(refused);
      await assertNothingRemains(footprintOfFolder(lab.folder));
      await assert.rejects(
        lab.room.up(lab.spec('webapp1', 21)),
        rejectsWith('VM_ABORTED', /closed/),
      );
    });

    it('stops waiting for an app when asked, and can go on later', async () => {
      const stop = new AbortController();
      const spec = lab.spec('webapp1', 21, { env: { LISTEN_NEVER: 'yes' } });
      const coming = assert.rejects(lab.room.up(spec, stop.signal), rejectsWith('VM_ABORTED', /./));
      await eventually('the app runs', appRuns, bootsWithinMs);
      stop.abort();
      await coming;
      await assert.rejects(lab.room.up(spec, AbortSignal.abort()), rejectsWith('VM_ABORTED', /./));
      const machine = await lab.room.up(lab.spec('webapp1', 21));
      assert.equal((await lab.visit(machine)).outcome, '200');
    });
  });
}

interface KilledRunOptions {
  readonly engine: string | undefined;
  readonly scale: number;
  readonly shared: boolean;
}

/** Each line that the runner prints is a moment at which it is killed. */
const MOMENTS = ['claimed', 'opened', 'webapp1 up', 'ready'];

export function testKilledRuns(
  provider: Provider,
  { engine, scale, shared }: KilledRunOptions,
): void {
  const runUntil = runnerOf(provider, engine);
  describe('a run that is killed', ONE_BY_ONE, () => {
    // Where each takes a minute: the two at which least and most is there.
    const moments = shared ? ['opened', 'ready'] : MOMENTS;
    for (const moment of moments) {
      it(`leaves nothing that sweep does not remove: at "${moment}"`, async () => {
        const { folder, subnet, remove } = openTestFolder();
        const lines = await runUntil(line => line === moment, folder, subnet);
        assert.ok(lines.includes(moment), `the runner ended early, after: ${lines.join(', ')}`);
        await assertSweeps(folder);
        await remove();
      });
    }

    it('leaves nothing that sweep does not remove: in between', async () => {
      for (let run = 0; run < (shared ? 1 : 4); run += 1) {
        const { folder, subnet, remove } = openTestFolder();
        const afterMs = scale * (50 + Math.floor(Math.random() * 300));
        await runUntil(line => line === 'ready', folder, subnet, afterMs);
        await assertSweeps(folder);
        await remove();
      }
    });

    it('leaves machines that another process lists, uses and takes down', async () => {
      const { folder, subnet, remove } = openTestFolder();
      await runUntil(line => line === 'ready', folder, subnet);
      const listed = (await describeLease(folder)).join('\n');
      assert.match(listed, /^machine webapp1 .*pid \d+/m);
      assert.match(listed, /^program proxy \(pid \d+/m);
      const room = await provider.open({ folder, subnet, label: 'another process' });
      const machines = await room.status();
      assert.deepEqual(
        machines.map(({ name, state, appRunning }) => ({ name, state, appRunning })),
        [1, 2].map(n => ({ name: `webapp${n}`, state: 'running', appRunning: true })),
      );
      await room.fail('webapp1', 'crash');
      assert.equal((await room.heal('webapp1')).appRunning, true);
      await room.halt('webapp2');
      const footprint = await footprintOf(room, folder);
      await room.close();
      await assertNothingRemains(footprint);
      await remove();
    });
  });
}

async function assertSweeps(folder: string): Promise<void> {
  await sweep(folder);
  assert.deepEqual(await describeLease(folder), []);
  await assertNothingRemains(footprintOfFolder(folder));
}

type RunUntil = (
  isMoment: (line: string) => boolean,
  folder: string,
  subnet: string,
  killAfterMs?: number,
) => Promise<readonly string[]>;

/** Runs a lab in a process of its own and kills it: at this line, or after this time. */
function runnerOf(provider: Provider, engine = ''): RunUntil {
  const runner = path.resolve(import.meta.dirname, '../../support/room-runner.js');
  return async (isMoment, folder, subnet, killAfterMs) => {
    const child = spawn(process.execPath, [runner, provider.name, folder, subnet, engine], {
      stdio: ['ignore', 'pipe', 'inherit'],
      ...(killAfterMs === undefined ? {} : { timeout: killAfterMs, killSignal: 'SIGKILL' }),
    });
    const exited = once(child, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (isMoment(line)) child.kill('SIGKILL');
    }
    await exited;
    return lines;
  };
}
