/** The commands beside `run`, and what they say to wrong words. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, describe, it } from 'node:test';
import { addressPlan } from '../../../vms/address-plan.ts';
import { LabHome } from '../../support/lab-command.ts';

describe('lab', () => {
  const home = new LabHome(5);
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
  testRefused('run', 2, /missing required argument 'lab'/);
  testRefused('run load-balance --machines netn', 2, /Did you mean netns\?/);
  testRefused('run load-balance --lnag fr', 2, /Did you mean --lang/);
  testRefused('run load-balance --instance 8', 2, /0 to 7/);
  testRefused('run load-balance --until behind-the-prox', 2, /Did you mean behind-the-proxy\?/);
  testRefused('exec webap1 true', 2, /Did you mean webapp1\?/);
  testRefused('down webapp9', 2, /Did you mean webapp1\?/);
  testRefused('down webapp1 --how powerof', 2, /Did you mean power-off\?/);
  testRefused('up webapp_new9', 2, /Did you mean webapp-new1\?/);
  testRefused('list', 2, /LAB_LANG=de.*Did you mean en\?/, { LAB_LANG: 'de' });
  testRefused('run load-balance', 2, /LAB_HEADED=maybe: write 1 or 0/, { LAB_HEADED: 'maybe' });
  testRefused('status', 4, /No lab runs on instance 5\. .*lab up/);
  testRefused('heal', 4, /lab up --instance 5/);

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
      const words = ['run', 'load-balance', '--machines', 'process', '--no-browser'];
      const { code, stderr } = await home.run(words);
      assert.equal(code, 4, stderr);
      assert.match(stderr, new RegExp(`Port ${proxyPort} .*pid ${process.pid}.*--instance`, 's'));
      const doctor = await home.run(['doctor']);
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
    const { fidelity } = await json('down', 'webapp2', '--how', 'crash');
    assert.deepEqual(fidelity, { kind: 'real' });
    const [measured] = await json('measure', 'webapp2');
    assert.equal(measured.outcome, 'refused');
    assert.equal((await home.run(['exec', 'webapp1', '--', 'echo', '--json'])).stdout, '--json\n');
    assert.equal((await home.run(['exec', 'webapp1', 'false'])).code, 1);
    assert.match((await json('logs', 'webapp1')).log, /is started/);
    const refused = await home.run(['run', 'load-balance', '--machines', 'process']);
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

  it('run --json prints the result and nothing else', async () => {
    const words = ['run', 'load-balance', '--machines', 'process', '--no-browser', '--json'];
    const { code, stdout } = await home.run(words);
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).verdict.kind, 'pass');
    await home.assertNothingLeft();
  });

  it('without any browser the run is undecided', async () => {
    const words = ['run', 'load-balance', '--machines', 'process'];
    const { code, stdout } = await home.run(words, { RELAIS_BROWSER: '/nowhere/chrome' });
    assert.equal(code, 3, stdout);
    assert.match(stdout, /No browser: .*\/nowhere\/chrome/);
    await home.assertNothingLeft();
  });

  it('run --keep leaves the lab to look at', async () => {
    const words = ['run', 'load-balance', '--machines', 'process', '--no-browser', '--keep'];
    const { code, stdout } = await home.run(words);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /lab clean --instance 5/);
    const visit = await home.run(['visit', '--times', '1']);
    assert.match(visit.stdout, /200 +webapp/);
    assert.equal((await home.run(['clean', '--yes'])).code, 0);
    await home.assertNothingLeft();
  });
});
