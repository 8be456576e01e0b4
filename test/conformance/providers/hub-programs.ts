/** Programs beside the machines: inherited sockets, orderly ends, ports in use. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { identify } from '../../../vms/programs/process-identity.ts';
import type { HubProcessSpec, Provider } from '../../../vms/provider.ts';
import { eventually } from '../../support/eventually.ts';
import { rejectsWith } from '../../support/machine-errors.ts';
import { openTestRoom, PROGRAMS, type TestRoom } from '../../support/machines.ts';
import { ONE_BY_ONE } from './one-by-one.ts';

/** `inherits`: sockets are there before the program is; else it opens them itself, moments later. */
export function testHub(provider: Provider, inherits = true): void {
  describe('programs beside the machines', ONE_BY_ONE, () => {
    let lab: TestRoom;
    before(async () => {
      lab = await openTestRoom(provider);
    });
    after(() => lab.end());

    const proxy = (sockets: HubProcessSpec['sockets']): HubProcessSpec => ({
      name: 'proxy',
      file: process.execPath,
      args: [path.join(PROGRAMS, 'machine-app.cjs')],
      env: { HOST: lab.room.hubAddress, PORT: '0', VERSION: 'hub', STOP_SOCKET: door() },
      stopWith: [process.execPath, '-e', `require('node:net').connect('${door()}').resume()`],
      sockets,
    });
    const door = (): string => path.join(lab.folder, 'stop.sock');

    const answers = inherits ? 'from the first connection on' : 'soon';
    it(`have sockets that answer outside, ${answers}`, async () => {
      const anywhere = { host: '127.0.0.1', port: 0 };
      const started = await lab.room.spawnHub(proxy([anywhere, anywhere]));
      assert.equal(started.bound.length, 2);
      // The program has hardly begun: these connections wait in the queue until it accepts.
      for (const { host, port } of started.bound) {
        if (!inherits) await eventually('it listens', () => isAnswered(host, port));
        const answer = await fetch(`http://${host}:${port}/`, { headers: { connection: 'close' } });
        assert.match(await answer.text(), new RegExp(`hub ${started.pid}$`));
      }
      assert.match(readFileSync(started.logFile, 'utf8'), /starts hub/);
      assert.deepEqual(await lab.room.spawnHub(proxy([anywhere, anywhere])), started);
    });

    it('end in order, twice, and let go of their sockets', async () => {
      const { bound, logFile } = await lab.room.spawnHub(proxy([]));
      await lab.room.stopHub('proxy');
      await lab.room.stopHub('proxy');
      assert.match(readFileSync(logFile, 'utf8'), /ends in order/);
      const again = await lab.room.spawnHub(proxy(bound));
      assert.deepEqual(again.bound, bound);
      await lab.room.stopHub('proxy');
    });

    it('are killed with their children when they do not listen to SIGTERM', async () => {
      const stubborn = "trap '' TERM; sleep 1000 & sleep 1000";
      const { pid } = await lab.room.spawnHub({
        name: 'stubborn',
        file: 'sh',
        args: ['-c', stubborn],
        sockets: [],
      });
      await lab.room.stopHub('stubborn', 50);
      const left = readdirSync('/proc').filter(entry => groupOfProcess(entry) === String(pid));
      assert.deepEqual(left, []);
    });

    it('take along what they have put into a session of its own', async () => {
      // As a proxy does that starts the next one before it ends.
      const argv =
        "process.execPath, ['-e', 'console.log(process.pid); setInterval(() => 0, 1e6)']";
      const successor = `require('node:child_process').spawn(${argv}, { detached: true, stdio: 'inherit' });`;
      const { logFile } = await lab.room.spawnHub({
        name: 'replaced',
        file: process.execPath,
        args: ['-e', successor],
        sockets: [],
      });
      const pid = await eventually('the successor tells its pid', () => {
        const printed = /^\d+$/m.exec(readFileSync(logFile, 'utf8'))?.[0];
        return printed === undefined ? undefined : Number(printed);
      });
      assert.notEqual(identify(pid), undefined);
      await lab.room.stopHub('replaced', 0);
      assert.equal(identify(pid), undefined);
    });

    it('run to their end, or not longer than asked', async () => {
      const { exitCode, stdout, stderr } = await lab.room.execHub([
        'sh',
        '-c',
        'echo out; echo err >&2; exit 7',
      ]);
      assert.deepEqual(
        { exitCode, stdout, stderr },
        { exitCode: 7, stdout: 'out\n', stderr: 'err\n' },
      );
      await assert.rejects(
        lab.room.execHub(['sleep', '1000'], { timeoutMs: 100 }),
        rejectsWith('VM_COMMAND_FAILED', /sleep 1000: no end in 100 ms/),
      );
    });

    it('say who holds the port that they need', async () => {
      const other = net.createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as net.AddressInfo;
      const inUse = rejectsWith(
        'VM_PORT_IN_USE',
        new RegExp(`Port ${port} .*in use by node \\(pid ${process.pid}\\b.*--instance`),
      );
      const held = { host: '127.0.0.1', port };
      await assert.rejects(lab.room.spawnHub({ ...proxy([held]), name: 'other' }), inUse);
      const spec = { ...lab.spec('webapp1', 21), forwardedPort: port };
      await assert.rejects(lab.room.up(spec), inUse);
      assert.deepEqual(await lab.room.status(), []);
      other.close();
    });
  });
}

async function isAnswered(host: string, port: number): Promise<boolean> {
  const socket = net.connect(port, host);
  return once(socket, 'connect')
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy());
}

function groupOfProcess(entry: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : group;
  } catch {
    return undefined;
  }
}
