/** The commands beside `run`, and what they say to wrong words. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { addressPlan } from '../../../vms/address-plan.ts';
import { eventually } from '../../support/eventually.ts';
import { LabHome } from '../../support/lab-command.ts';
import { runRelais } from '../../support/start-proxy.ts';

const home = await LabHome.open();
const { instance, beside } = home;

/** A lab that ends soon: what is judged here is what goes around it. */
const run = ['run', 'load-balance', '--machines', 'process', '--until', 'two-browsers'];
const blind = [...run, '--no-browser'];

describe('lab', () => {
  after(() => home.remove());

  function testRefused(words: string, code: number, message: RegExp, env = {}): void {
    it(`lab ${words} ${JSON.stringify(env)}`, async () => {
      const ending = await home.run(words.split(' '), env);
      assert.equal(ending.code, code, ending.stderr);
      assert.match(ending.stderr, message);
      assert.doesNotMatch(ending.stderr, /\n\s+at /);
    });
  }

  testRefused('run load-balanc', 2, /Did you mean load-balance\?/);
  testRefused('rnu load-balance', 2, /unknown command 'rnu'.*Did you mean run/s);
  testRefused('run', 2, /Name a lab, or say --all/);
  testRefused('run load-balance --machines netn', 2, /Did you mean netns\?/);
  testRefused('run load-balance --lnag fr', 2, /Did you mean --lang/);
  testRefused('run load-balance --instance 8', 2, /0 to 7/);
  testRefused('run load-balance --until behind-the-prox', 2, /Did you mean behind-the-proxy\?/);
  testRefused('exec webap1 true', 2, /Did you mean webapp1\?/);
  testRefused('down webapp9', 2, /Did you mean webapp1\?/);
  testRefused('down webapp1 --how powerof', 2, /Did you mean power-off\?/);
  testRefused('down webapp1 --how crash --delay 2s', 2, /--delay goes with --how slow only/);
  testRefused('down webapp1 --how slow --delay 2', 2, /--delay 2: write a time as 500ms or 2s/);
  testRefused('down webapp1 --how error --rate 50', 2, /--rate 50: write a share/);
  testRefused('crowd 901', 2, /from 0 to 900/);
  testRefused('deploy webapp9 v2', 2, /Did you mean webapp1\?/);
  testRefused('deploy webapp1 v22', 2, /no version "v22".*Did you mean v2\?/);
  testRefused('knobs webapp1 delayMs', 2, /"delayMs" is no knob with a value/);
  testRefused('knobs webapp1 delayMs=', 2, /Write it as delayMs=500/);
  testRefused('knobs webapp1 delayMs=soon', 2, /reset for all/);
  testRefused('up webapp_new9', 2, /Did you mean webapp-new1\?/);
  testRefused('list', 2, /LAB_LANG=de.*Did you mean en\?/, { LAB_LANG: 'de' });
  testRefused('run load-balance', 2, /LAB_HEADED=maybe: write 1 or 0/, { LAB_HEADED: 'maybe' });
  testRefused(
    'status',
    4,
    new RegExp(`No lab runs on instance ${instance}\\. .*lab up${beside}$`, 'm'),
  );
  testRefused('heal', 4, new RegExp(`lab up${beside}$`, 'm'));

  it('lists the labs in French', async () => {
    const { code, stdout } = await home.run(['list', '--lang', 'fr']);
    assert.equal(code, 0);
    assert.match(stdout, /load-balance .*Une adresse, trois machines/);
  });

  it('helps', async () => {
    const { code, stdout } = await home.run(['help', 'run']);
    assert.equal(code, 0);
    assert.match(stdout, /--slow .*LAB_SLOW/);
    assert.doesNotMatch(stdout, /proxy-entry/);
  });

  it('finds who holds a port', async () => {
    const { proxyPort } = addressPlan(home.instance);
    const server = net.createServer();
    await new Promise<void>(resolve => server.listen(proxyPort, '127.0.0.1', resolve));
    try {
      const { code, stderr } = await home.run(blind);
      assert.equal(code, 4, stderr);
      assert.match(stderr, new RegExp(`Port ${proxyPort} .*pid ${process.pid}.*--instance`, 's'));
      const doctor = await home.run(['doctor', '--no-browser']);
      assert.equal(doctor.code, 4, doctor.stdout);
      assert.match(doctor.stdout, new RegExp(`port ${proxyPort}.*pid ${process.pid}`));
    } finally {
      await new Promise(resolve => server.close(resolve));
    }
    await home.assertNothingLeft();
  });

  it('up, visit, down, measure, heal, status, clean', async () => {
    const json = async (...words: string[]) => {
      const { code, stdout, stderr } = await home.run([...words, '--json']);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    };
    const names = (machines: { name: string }[]) => machines.map(({ name }) => name);
    const up = await json('up', '--machines', 'process');
    assert.deepEqual(names(up), ['webapp1', 'webapp2', 'webapp3']);
    const visits: { machine: string }[] = await json('visit', '--times', '9');
    assert.equal(new Set(visits.map(({ machine }) => machine)).size, 3);
    assert.deepEqual(names(await json('up', 'webapp_new1')).sort(), [
      'webapp-new1',
      'webapp1',
      'webapp2',
      'webapp3',
    ]);
    const shop = (await json('up', 'shop')).find((one: { name: string }) => one.name === 'shop');
    const page = await fetch(`http://${shop.forwarded}/`, { headers: { connection: 'close' } });
    assert.equal(page.headers.get('x-relais-site'), 'shop');
    const { fidelity } = await json('down', 'webapp2', '--how', 'crash');
    assert.deepEqual(fidelity, { kind: 'real' });
    const [measured] = await json('measure', 'webapp2');
    assert.equal(measured.outcome, 'refused');
    assert.equal((await home.run(['exec', 'webapp1', '--', 'echo', '--json'])).stdout, '--json\n');
    assert.equal((await home.run(['exec', 'webapp1', 'false'])).code, 1);
    assert.match((await json('logs', 'webapp1')).log, /is started/);
    const refused = await home.run(run);
    assert.equal(refused.code, 4);
    assert.match(refused.stderr, /left running at .*lab clean/);
    await json('heal');
    const status = await json('status');
    assert.ok(status.machines.every((one: { failures: [] }) => one.failures.length === 0));
    assert.equal(status.proxy.backends.length, 3);
    const clean = await home.run(['clean']);
    assert.equal(clean.code, 0);
    assert.match(clean.stdout, /machine webapp1 .*program proxy .*Removed\./s);
    await home.assertNothingLeft();
    assert.match((await home.run(['clean'])).stdout, /Nothing to clean/);
  });

  it('proxy start, after an upgrade and a shutdown', async () => {
    const json = async (...words: string[]) => {
      const { code, stdout, stderr } = await home.run([...words, '--json']);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    };
    await json('up', 'webapp1', '--machines', 'process');
    const { configFile, proxy } = await json('status');
    assert.equal((await json('proxy', 'start')).mainPid, proxy.mainPid);
    for (const words of [['upgrade'], ['shutdown']]) {
      const { code, stderr } = await runRelais('-c', configFile, ...words);
      assert.equal(code, 0, stderr);
    }
    assert.equal((await home.run(['status'])).code, 4);
    assert.notEqual((await json('proxy', 'start')).mainPid, proxy.mainPid);
    const [visit] = await json('visit', '--times', '1');
    assert.equal(visit.machine, 'webapp1');
    assert.equal((await home.run(['clean', '--yes'])).code, 0);
    await home.assertNothingLeft();
  });

  it('crowd: so many come and stay, until they are sent home or the lab ends', async () => {
    const json = async (...words: string[]) => {
      const { code, stdout, stderr } = await home.run([...words, '--json']);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    };
    const nobody = { inside: 0, waiting: 0, turnedAway: 0, lost: 0 };
    await json('up', 'webapp1', '--machines', 'process');
    // A word to the crowd is answered when it has settled, or seems to on a busy computer.
    const holds = (inside: number) =>
      eventually(
        `${inside} are inside`,
        async () => isDeepStrictEqual(await json('crowd'), { ...nobody, inside }),
        120_000,
      );
    await holds(0);
    await json('crowd', '30');
    await holds(30);
    await json('crowd', '0');
    await holds(0);
    await json('crowd', '20');
    await holds(20);
    assert.equal((await home.run(['clean', '--yes'])).code, 0);
    await home.assertNothingLeft();
  });

  it('deploy, knobs, and failures by degrees', async () => {
    const json = async (...words: string[]) => {
      const { code, stdout, stderr } = await home.run([...words, '--json']);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    };
    const [webapp1] = await json('up', 'webapp1', '--machines', 'process');
    const deployed = await json('deploy', 'webapp1', 'v2');
    assert.deepEqual(deployed, { ...webapp1, version: 'v2', pid: deployed.pid });
    const [visit] = await json('visit', '--times', '1');
    assert.equal(visit.version, 'v2');
    const { log } = await json('logs', 'webapp1');
    assert.match(log, /"method":"GET","target":"\/","status":200.*"version":"v2"/);
    const [stays] = await json('up', 'webapp1');
    assert.deepEqual([stays.version, stays.pid], ['v2', deployed.pid]);

    const { knobs } = await json('knobs', 'webapp1', 'delayMs=20', 'statusFailing=true');
    assert.deepEqual([knobs.delayMs, knobs.statusFailing], [20, true]);
    assert.match((await home.run(['status'])).stdout, /webapp1 .*slow, delayMs=20, statusFailing=/);
    assert.deepEqual((await json('knobs', 'webapp1')).knobs, knobs);
    const wrong = await home.run(['knobs', 'webapp1', 'delayms=5']);
    assert.equal(wrong.code, 2, wrong.stderr);
    assert.match(wrong.stderr, /no knob "delayms"\. Did you mean delayMs\?/);
    const refused = await home.run(['knobs', 'webapp1', 'errorRate=2']);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /"errorRate" must be a number from 0 to 1, not 2/);
    assert.equal((await json('knobs', 'webapp1', 'reset')).knobs.delayMs, 0);

    await json('down', 'webapp1', '--how', 'slow', '--delay', '30ms');
    await json('down', 'webapp1', '--how', 'error', '--rate', '0.25');
    const failing = (await json('knobs', 'webapp1')).knobs;
    assert.deepEqual([failing.delayMs, failing.errorRate], [30, 0.25]);
    assert.equal((await home.run(['clean', '--yes'])).code, 0);
    await home.assertNothingLeft();
  });

  it('run --json prints the result and nothing else', async () => {
    const { code, stdout } = await home.run([...blind, '--json']);
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).verdict.kind, 'pass');
    await home.assertNothingLeft();
  });

  it('without any browser the run is undecided', async () => {
    const { code, stdout } = await home.run(run, { RELAIS_BROWSER: '/nowhere/chrome' });
    assert.equal(code, 3, stdout);
    assert.match(stdout, /No browser: .*\/nowhere\/chrome/);
    await home.assertNothingLeft();
  });

  it('run --keep leaves the lab to look at', async () => {
    const { code, stdout } = await home.run([...blind, '--keep']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, new RegExp(`lab clean${beside}$`, 'm'));
    const visit = await home.run(['visit', '--times', '1']);
    assert.match(visit.stdout, /200 +webapp/);
    assert.equal((await home.run(['clean', '--yes'])).code, 0);
    await home.assertNothingLeft();
  });
});
