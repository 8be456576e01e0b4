/** The command socket is its owner's alone, from the moment it is there. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { claimCommandSocket } from '../../proxy/master/command-socket/command-socket.ts';
import { eventually } from '../support/eventually.ts';
import { makeFolder, startProxy } from '../support/start-proxy.ts';

const STARTS = 200;
const NOBODY = 65_534;
const config = '[[listeners]]\naddress = "127.0.0.1:0"\nprotocol = "http"\n';

/** Looks at the path without pause; `[times seen, times seen with another mode than 0600]`. */
const watcher = `
const { workerData: { file, seen } } = require('node:worker_threads');
const { lstatSync } = require('node:fs');
while (Atomics.load(seen, 2) === 0) {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) continue;
  Atomics.add(seen, 0, 1);
  if ((found.mode & 0o777) !== 0o600) Atomics.add(seen, 1, 1);
}`;

/** As another user: reads the file beside the socket, then connects to the socket; says what came of it. */
const stranger = `
const { readFileSync } = require('node:fs');
const [file, socket, id] = process.argv.slice(1);
try {
  process.setgroups([]);
  process.setgid(Number(id));
  process.setuid(Number(id));
} catch (error) {
  console.log('cannot become another user: ' + error.message);
  process.exit();
}
try {
  readFileSync(file);
} catch (error) {
  console.log('cannot reach the folder: ' + error.message);
  process.exit();
}
require('node:net').connect(socket)
  .on('connect', () => { console.log('connected'); process.exit(); })
  .on('error', error => console.log(error.code));`;

function say(...parameters: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['-e', stranger, ...parameters], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.on('close', () => resolve(text.trim()));
  });
}

describe('the command socket', () => {
  it('never has another mode than 0600, whatever the umask', async test => {
    const folder = await makeFolder(test);
    const file = path.join(folder, 'sock');
    const seen = new Int32Array(new SharedArrayBuffer(12));
    const worker = new Worker(watcher, { eval: true, workerData: { file, seen } });
    const before = process.umask(0);
    try {
      for (let n = 0; n < STARTS; n += 1) {
        const claimed = await claimCommandSocket(file);
        claimed.close();
      }
      const claimed = await claimCommandSocket(file);
      await eventually('the watcher sees it', () => Atomics.load(seen, 0) > 0);
      claimed.close();
    } finally {
      process.umask(before);
      Atomics.store(seen, 2, 1);
      await worker.terminate();
    }
    assert.equal(Atomics.load(seen, 1), 0, `of ${Atomics.load(seen, 0)} looks`);
  });

  const isRoot = process.getuid?.() === 0;
  const skip = isRoot ? false : 'only root can try as another user';
  it('refuses another user', { skip }, async test => {
    const wrapper = ['sh', '-c', 'umask 0; exec "$0" "$@"'];
    const proxy = await startProxy(test, { config, options: { wrapper } });
    const beside = path.join(proxy.folder, 'beside');
    await writeFile(beside, 'x', { mode: 0o644 });
    await chmod(proxy.folder, 0o755);
    const told = await say(beside, proxy.socketPath, String(NOBODY));
    if (told.startsWith('cannot')) return test.skip(told);
    assert.equal(told, 'EACCES');
    // The same way in is open to who it belongs to.
    assert.equal(await say(beside, proxy.socketPath, '0'), 'connected');
  });
});
