/**
 * Four reports of `lab doctor`, each held against what other means say: on this computer, on one
 * without Vagrant, for a user without rights, and where user namespaces are forbidden.
 */
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { DoctorReport } from '../../../labs/doctor/doctor-report.ts';
import type { Finding } from '../../../labs/doctor/finding.ts';
import { type Ending, LabHome } from '../../support/lab-command.ts';
import { onlyPrograms } from '../../support/only-programs.ts';

const isLinux = process.platform === 'linux';
const isRoot = process.geteuid?.() === 0;
const AS_NOBODY = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

/** Keeps its user, forbids further user namespaces to all that is started here, drops its rights. */
const WITHOUT_NAMESPACES = [
  ...AS_NOBODY,
  ...['unshare', '--user', '--map-current-user', '--keep-caps', 'sh', '-c'],
  'echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --inh-caps=-all --ambient-caps=-all "$@"',
  'sh',
];

function run(argv: readonly string[], env = process.env): SpawnSyncReturns<string> {
  const [file = '', ...args] = argv;
  return spawnSync(file, args, { encoding: 'utf8', env });
}

function works(...argv: readonly string[]): boolean {
  return run(argv).status === 0;
}

interface Told extends DoctorReport {
  readonly code: number | null;
}

function report({ code, stdout, stderr }: Ending): Told {
  assert.ok(stdout.startsWith('{'), stdout + stderr);
  return { ...(JSON.parse(stdout) as DoctorReport), code };
}

function finding({ findings }: Told, id: string): Finding {
  const found = findings.find(one => one.id === id);
  assert.ok(found, `no finding ${id}`);
  return found;
}

/** Ports may be another test's: everything else that is missing would be a false report. */
function assertLabsRun(told: Told, machines: string): void {
  const missing = told.findings.filter(({ state }) => state === 'missing').map(({ id }) => id);
  assert.deepEqual(
    missing.filter(id => !id.startsWith('port.')),
    [],
  );
  assert.equal(told.machines, machines);
  assert.equal(told.ready, missing.length === 0);
  assert.equal(told.code, told.ready ? 0 : 4);
}

/** A line of the kernel's configuration; undefined where it is not told. */
function kernelHas(option: string): boolean | undefined {
  try {
    const text = gunzipSync(readFileSync('/proc/config.gz')).toString();
    return new RegExp(`^${option}=[ym]$`, 'm').test(text);
  } catch {
    return undefined;
  }
}

describe('lab doctor tells the truth', {
  skip: !isLinux && 'the truths are asked of Linux',
}, () => {
  let home: LabHome;
  before(async () => {
    home = await LabHome.open();
    // A user without rights writes there, too.
    chmodSync(home.folder, 0o777);
    chmodSync(path.join(home.folder, 'tmp'), 0o777);
  });
  after(() => home.remove());

  it('on this computer', async t => {
    const told = report(await home.run(['doctor', '--json']));
    const namespaces = works('unshare', '--net', 'true') || works('unshare', '-Urn', 'true');
    assert.equal(finding(told, 'machines.netns').state === 'ready', namespaces);
    assert.equal(finding(told, 'machines.process').state, 'ready');
    assert.equal(finding(told, 'proxy').state, 'ready');
    assertLabsRun(told, namespaces ? 'netns' : 'process');
    assert.match(finding(told, 'node').found.en, new RegExp(`^${process.versions.node} `));
    const vagrant = works('sh', '-c', 'command -v vagrant');
    assert.equal(finding(told, 'vagrant').state === 'ready', vagrant);
    const limits = works('sh', '-c', 'ulimit -n 100 && ulimit -n 101');
    assert.equal(finding(told, 'kernel.cap_sys_resource').found.en === 'there', limits);
    assertBrowser(told);
    assertKernel(told, t);
    await home.assertNothingLeft();
  });

  it('on one without Vagrant', async () => {
    const programs = ['ip', 'node', 'nsenter', 'setpriv', 'sh', 'tc', 'unshare', 'which'];
    const PATH = onlyPrograms(path.join(home.folder, 'programs'), ...programs);
    assert.notEqual(run(['sh', '-c', 'command -v vagrant'], { PATH }).status, 0);
    const told = report(await home.run(['doctor', '--json', '--no-browser'], { PATH }));
    const { state, found, fix, without } = finding(told, 'vagrant');
    assert.equal(state, 'optional');
    assert.equal(found.en, 'not found');
    assert.match(fix?.command ?? fix?.say?.en ?? '', /vagrant/);
    assert.equal(without?.en, 'All labs run without it.');
    assertLabsRun(told, told.machines ?? 'none');

    const other = path.join(home.folder, 'with-vagrant');
    mkdirSync(other);
    writeFileSync(path.join(other, 'vagrant'), '#!/bin/sh\necho Vagrant 2.3.4\n', { mode: 0o755 });
    const words = ['doctor', '--json', '--no-browser'];
    const withVagrant = report(await home.run(words, { PATH: `${other}:${PATH}` }));
    assert.equal(finding(withVagrant, 'vagrant').found.en, '2.3.4');
    await home.assertNothingLeft();
  });

  it('for a user without rights', async () => {
    const words = ['doctor', '--json', '--no-browser'];
    const told = report(await home.runAs(AS_NOBODY, words, { HOME: '/' }));
    assert.match(finding(told, 'system').found.en, /as a normal user$/);
    assert.equal(told.facts.computer.isRoot, false);
    const namespaces = works(
      ...AS_NOBODY,
      'unshare',
      '-Urn',
      'ip',
      'link',
      'add',
      'type',
      'bridge',
    );
    const { state, found } = finding(told, 'machines.netns');
    assert.equal(state, namespaces ? 'ready' : 'limited', found.en);
    if (namespaces) assert.match(found.en, /through an unprivileged user namespace/);
    assertLabsRun(told, namespaces ? 'netns' : 'process');
    const opens = works(...AS_NOBODY, 'sh', '-c', 'test -r /dev/kvm && test -w /dev/kvm');
    assert.equal(told.facts.linux?.kvm.device === 'opens', opens);
    assert.deepEqual(told.facts.linux?.capabilities, []);
    const deeds = told.findings.flatMap(({ fix }) => fix?.deed ?? []);
    assert.deepEqual(deeds, [], 'it may install nothing');
    await home.assertNothingLeft();
  });

  it('where user namespaces are forbidden', async t => {
    if (!works(...WITHOUT_NAMESPACES, 'true')) {
      t.skip(`they cannot be forbidden here: ${run([...WITHOUT_NAMESPACES, 'true']).stderr}`);
      return;
    }
    assert.notEqual(run([...WITHOUT_NAMESPACES, 'unshare', '--user', 'true']).status, 0);
    assert.notEqual(run([...WITHOUT_NAMESPACES, 'unshare', '--net', 'true']).status, 0);
    const words = ['doctor', '--json', '--no-browser'];
    const told = report(await home.runAs(WITHOUT_NAMESPACES, words, { HOME: '/' }));
    const { state, found, fix, without } = finding(told, 'machines.netns');
    assert.equal(state, 'limited');
    assert.equal(found.en, 'this system allows no user namespaces');
    assert.match(fix?.command ?? '', /sysctl -w user\.max_user_namespaces=/);
    assert.match(without?.en ?? '', /labs run on process/);
    assertLabsRun(told, 'process');
    await home.assertNothingLeft();
  });

  function assertBrowser(told: Told): void {
    const { state } = finding(told, 'browser');
    const { found, executablePath = '', version } = told.facts.browser;
    assert.equal(state, found ? 'ready' : 'limited');
    if (found) assert.match(run([executablePath, '--version']).stdout, new RegExp(version ?? '$.'));
  }

  function assertKernel(told: Told, t: TestContext): void {
    const { kvm, netem, ipvs } = told.facts.linux ?? {};
    assert.equal(kvm?.device !== 'absent', works('test', '-e', '/dev/kvm'));
    if (kernelHas('CONFIG_NET') === undefined) {
      t.diagnostic('this kernel does not tell its configuration');
      return;
    }
    assert.equal(kvm?.pvm, kernelHas('CONFIG_KVM_PVM'));
    if (netem !== 'unknown') assert.equal(netem === 'there', kernelHas('CONFIG_NET_SCH_NETEM'));
    assert.equal(ipvs === 'there', kernelHas('CONFIG_IP_VS'));
  }
});
