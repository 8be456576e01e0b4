/** Boxes are built for real, twice, and are alike; whatever goes wrong leaves nothing behind. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { canInstallPackages } from '../../vms/apt.ts';
import { architectureOf, BOX_TARGETS, boxFileName } from '../../vms/box/box-names.ts';
import { getTools } from '../../vms/debian-packages.ts';
import { mustRun } from '../../vms/programs/command.ts';
import { boxCommand, startBoxCommand } from '../support/box-commands.ts';
import { descendants } from '../support/descendants.ts';
import { eventually } from '../support/eventually.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const architecture = architectureOf(process.arch);
const able = architecture !== undefined && (await canInstallPackages());
const skip = able ? false : 'boxes are built as root on a Debian, for amd64 or arm64';

/** Loads the app as a machine does, and asks it for its page. */
const TRIAL = `
require('node:child_process').execFileSync('ip', ['link', 'set', 'lo', 'up']);
process.env.PORT = '8080'; process.env.HOST = '127.0.0.1'; process.env.VERSION = 'v2';
require('/tmp/app.cjs');
const ask = () => fetch('http://127.0.0.1:8080/').then(r => r.text()).catch(() => undefined);
(async () => {
  for (let i = 0; i < 2000; i++) {
    const page = await ask();
    if (page) { console.log(process.version, page); process.exit(0); }
    await new Promise(done => setTimeout(done, 5));
  }
  process.exit(1);
})();`;

describe('boxes', { skip }, () => {
  let folder = '';
  const at = (...names: string[]): string => path.join(folder, ...names);
  const fileOf = (target: (typeof BOX_TARGETS)[number]): string =>
    boxFileName(target, architecture ?? 'amd64');

  before(async () => {
    await getTools(['box', 'vagrant'], line => console.log(line));
    folder = await mkdtemp(path.join(tmpdir(), 'relais-boxes-'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('are built, all three, within minutes', async t => {
    const start = performance.now();
    const { code, said } = await boxCommand('box-build', ['--folder', at('one')]);
    assert.equal(code, 0, said);
    t.diagnostic(`${((performance.now() - start) / 1000).toFixed(0)} s\n${said}`);
    assert.deepEqual(
      readdirSync(at('one')).sort(),
      ['SHA256SUMS', ...BOX_TARGETS.map(fileOf)].sort(),
    );
    await mustRun(['sha256sum', '--check', '--strict', 'SHA256SUMS'], { cwd: at('one') });
  });

  it('are not built again while they are whole', async () => {
    const { code, said } = await boxCommand('box-build', ['--folder', at('one')]);
    assert.equal(code, 0);
    assert.equal(said.match(/was there; --force/g)?.length, 3, said);
  });

  it('are alike to the last byte when they are built again', async () => {
    // Somebody careful builds them this time.
    const wrap = ['sh', '-c', 'umask 077; exec "$@"', 'sh'];
    const { code, said } = await boxCommand('box-build', ['--folder', at('two')], { wrap });
    assert.equal(code, 0, said);
    const sums = (name: string): string => readFileSync(at(name, 'SHA256SUMS'), 'utf8');
    assert.equal(sums('two'), sums('one'));
    await rm(at('two'), { recursive: true });
  });

  it('hold no key and no name of a machine, and a unit that is enabled', async () => {
    mkdirSync(at('lxc'));
    await mustRun([
      'tar',
      '--extract',
      '--file',
      at('one', fileOf('lxc')),
      '--directory',
      at('lxc'),
    ]);
    const listed = await mustRun(['tar', '--list', '--verbose', '--file', at('lxc/rootfs.tar.gz')]);
    assert.doesNotMatch(listed, /ssh_host_/);
    assert.match(listed, /\s0 \S+ \S+ \.\/rootfs\/etc\/machine-id$/m);
    assert.match(listed, /multi-user\.target\.wants\/relais-app\.service -> /);
    assert.match(listed, /^-rwsr-xr-x 0\/0 .*\/usr\/bin\/ping$/m);
    assert.match(listed, /^-rw------- 1000\/1000 .*\/home\/vagrant\/\.ssh\/authorized_keys$/m);
  });

  it('know nothing of the computer that built them, and have a Node that runs the app', async () => {
    mkdirSync(at('image'));
    const image = at('one', fileOf('docker'));
    await mustRun(['tar', '--extract', '--file', image, '--directory', at('image')]);
    for (const told of ['etc/hostname', 'etc/resolv.conf']) {
      assert.ok(!existsSync(at('image', told)), `${told} is that of the computer that built`);
    }
    await cp(path.join(root, 'dist/hello-earth.cjs'), at('image/tmp/app.cjs'));
    const alone = ['unshare', '--net', 'chroot', at('image'), 'node', '-e', TRIAL];
    assert.match(await mustRun(alone), /^v18\.[\s\S]*<title>Hello 🌍 v2/m);
  });

  it('are added to Vagrant once, and only when they are whole', async () => {
    const env = { RELAIS_BOXES: at('one'), RELAIS_VAGRANT_HOME: at('vagrant') };
    const added = await boxCommand('box-add', [], { env });
    assert.equal(added.code, 0, added.said);
    assert.equal(added.said.match(/added to/g)?.length, 2, added.said);
    const again = await boxCommand('box-add', ['lxc'], { env });
    assert.match(again.said, /already in/);
    const theirs = await mustRun(['vagrant', 'box', 'list'], {
      env: { VAGRANT_HOME: at('vagrant'), VAGRANT_CHECKPOINT_DISABLE: '1' },
    });
    assert.match(theirs, /relais\/debian +\(libvirt, 0\)\nrelais\/debian +\(lxc, 0\)/);
    await appendFile(at('one', fileOf('lxc')), 'x');
    const damaged = await boxCommand('box-add', ['lxc'], { env });
    assert.equal(damaged.code, 1);
    assert.match(damaged.said, /not the box that was built.*--force/);
    const listed = await boxCommand('box-list', ['--json'], { env });
    const boxes = JSON.parse(listed.said).boxes as { whole: boolean; inVagrant: string }[];
    assert.deepEqual(
      boxes.map(({ whole, inVagrant }) => [whole, inVagrant]),
      [
        [false, 'other'],
        [true, 'yes'],
        [true, 'not-for-vagrant'],
      ],
    );
  });
});

describe('a build of boxes', { skip }, () => {
  let folder = '';

  before(async () => {
    await getTools(['box'], line => console.log(line));
    folder = await mkdtemp(path.join(tmpdir(), 'relais-boxes-'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function startAndSpread(): Promise<ReturnType<typeof startBoxCommand>> {
    const build = startBoxCommand('box-build', ['docker', '--folder', folder]);
    await eventually(
      'Debian is being unpacked',
      () => {
        const [made = ''] = readdirSync(folder);
        return readdirSync(path.join(folder, made, 'container')).includes('usr');
      },
      120_000,
    );
    return build;
  }

  it('that is interrupted leaves no file and no process', async () => {
    const build = await startAndSpread();
    const programs = descendants(build.child.pid ?? 0);
    assert.ok(programs.length > 2, 'programs are at work');
    build.child.kill('SIGINT');
    assert.equal(await build.ended, 130, build.said());
    assert.match(build.said(), /nothing was left behind/);
    assert.deepEqual(readdirSync(folder), []);
    await eventually('no program is left', () => programs.every(isGone));
  });

  it('refuses to run beside another, and clears away after one that was killed', async () => {
    const build = await startAndSpread();
    const programs = descendants(build.child.pid ?? 0);
    const second = await boxCommand('box-build', ['docker', '--folder', folder]);
    assert.equal(second.code, 1);
    assert.match(second.said, new RegExp(`already, by process ${build.child.pid}`));
    build.child.kill('SIGKILL');
    await build.ended;
    await eventually('no program is left', () => programs.every(isGone));
    assert.equal(readdirSync(folder).length, 1);
    const third = startBoxCommand('box-build', ['docker', '--folder', folder]);
    await eventually('it began anew', () =>
      readdirSync(folder).some(name => name.endsWith(`-${third.child.pid}`)),
    );
    third.child.kill('SIGTERM');
    assert.equal(await third.ended, 130, third.said());
    assert.deepEqual(readdirSync(folder), []);
  });

  it('says that the disk has no room before it begins', async () => {
    const script =
      'mount -t tmpfs -o size=50m relais "$0" && "$@"; code=$?; ls -A "$0"; exit $code';
    const wrap = ['unshare', '--mount', 'sh', '-c', script, folder];
    const { code, said } = await boxCommand('box-build', ['lxc', '--folder', folder], { wrap });
    assert.equal(code, 1);
    assert.match(
      said,
      /^✘ Building needs 0\.8 GB in .*, and there are 0\.1 GB\. .*--folder FOLDER\.$/m,
    );
    assert.doesNotMatch(said, /^\.building/m);
  });

  it('says that it needs root', async () => {
    const wrap = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const { code, said } = await boxCommand('box-build', ['lxc', '--folder', folder], { wrap });
    assert.equal(code, 1);
    assert.match(said, /^✘ Boxes are built as root.*sudo\.$/m);
  });

  it('says what a mirror that is none answered', async () => {
    const mirror = ['--mirror', 'http://127.0.0.1:9/debian'];
    const { code, said } = await boxCommand('box-build', ['docker', '--folder', folder, ...mirror]);
    assert.equal(code, 1);
    assert.match(said, /^✘ mmdebstrap failed:\n[\s\S]*127\.0\.0\.1[\s\S]*--mirror URL\.$/m);
    assert.doesNotMatch(said, /unshare|setpriv/);
    assert.deepEqual(readdirSync(folder), []);
  });
});

function isGone(pid: number): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}
