/** `relais top` before a real proxy: as text, and in a pseudo-terminal. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { describe, it, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { type RunningProxy, relaisProgram, startProxy } from '../support/start-proxy.ts';

const config = `
  log_level = "warn"
  worker_count = 1
  [[listeners]]
  address = "127.0.0.1:0"
  protocol = "http"
  [clusters.web]
  protocol = "http"
  frontends = [{ address = "127.0.0.1:0", hostname = "web" }]
  backends = [{ address = "127.0.0.1:1", backend_id = "one" }]
`;

const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?1049l';

/** `script` of util-linux gives a program a terminal of its own. */
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes(
  'util-linux',
);

interface OnScreen {
  readonly shown: () => string;
  readonly press: (keys: string) => void;
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

function inTerminal(test: TestContext, proxy: RunningProxy, env: NodeJS.ProcessEnv): OnScreen {
  const line = `stty rows 30 columns 120; exec "${process.execPath}" "${relaisProgram}" -s "${proxy.socketPath}" top --refresh 100`;
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', SHELL: '/bin/sh', ...env },
  });
  test.after(() => child.kill('SIGKILL'));
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)));
  return { shown: () => shown, press: keys => child.stdin.write(keys), ended };
}

describe('relais top', () => {
  it('prints screens as text where there is no terminal', async test => {
    const proxy = await startProxy(test, { config });
    const words = ['-s', proxy.socketPath, 'top', '--refresh', '100'];
    const once = await runInProcess(...(words as [string, ...string[]]), '--once');
    assert.equal(once.code, 0, once.err);
    assert.match(once.out, /^relais \S+ {2}main \d+/);
    assert.match(once.out, /^web\/one +127\.0\.0\.1:1 +ready +closed/m);
    assert.match(once.out, /worker-started/);
    assert.ok(!once.out.includes('\u001b'));
    const twice = await runInProcess(...(words as [string, ...string[]]), '--snapshot', '2');
    assert.equal(twice.out.split('WORKER').length, 3);
  });

  it('says so when there is no proxy', async () => {
    const ended = await runInProcess('-s', '/nowhere/sock', 'top', '--once');
    assert.equal(ended.code, 1);
    assert.match(ended.err, /no proxy runs with the command socket \/nowhere\/sock/);
  });

  it('fills a terminal, obeys keys, and leaves it as it was', async test => {
    if (hasScript !== true) {
      test.skip('there is no `script` of util-linux here');
      return;
    }
    const proxy = await startProxy(test, { config });
    for (const [keys, code] of [
      ['q', 0],
      ['\u0003', 0],
    ] as const) {
      const screen = inTerminal(test, proxy, {});
      await eventually('the screen is drawn', () => screen.shown().includes('BACKEND'), 30_000);
      assert.ok(screen.shown().includes(ENTER));
      screen.press('s');
      await eventually('it is sorted by name', () => screen.shown().includes('by name'));
      screen.press('p');
      await eventually('it is paused', () => screen.shown().includes('PAUSED'));
      assert.ok(screen.shown().includes('\u001b[32mready'));
      screen.press(keys);
      assert.equal(await screen.ended, code);
      assert.ok(screen.shown().trimEnd().endsWith(LEAVE), 'the other screen is left last');
    }
  });

  it('has no colours when NO_COLOR is set, and waits for a proxy that went away', async test => {
    if (hasScript !== true) {
      test.skip('there is no `script` of util-linux here');
      return;
    }
    const proxy = await startProxy(test, { config });
    const screen = inTerminal(test, proxy, { NO_COLOR: '1' });
    await eventually('the screen is drawn', () => screen.shown().includes('BACKEND'), 30_000);
    assert.ok(!screen.shown().includes('\u001b[32m'));
    proxy.child.kill('SIGTERM');
    await proxy.ended;
    await eventually('it says so', () => screen.shown().includes('trying again'));
    screen.press('q');
    assert.equal(await screen.ended, 0);
  });
});
