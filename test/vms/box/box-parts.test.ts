/** What boxes are made of, as far as it can be told without building one. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { appUnitText } from '../../../vms/box/app-unit.ts';
import { filesArguments, treeArguments } from '../../../vms/box/archive.ts';
import { architectureOf, boxFileName } from '../../../vms/box/box-names.ts';
import { boxFolder, kitVagrantHome } from '../../../vms/box/folders.ts';
import { timeCommands } from '../../../vms/box/libvirt/disk-image.ts';
import { firstDependency } from '../../../vms/box/libvirt/kernel.ts';
import { libvirtVagrantfile } from '../../../vms/box/libvirt/libvirt-box.ts';
import { lxcConfig } from '../../../vms/box/lxc-box.ts';
import { mmdebstrapArguments } from '../../../vms/box/root/mmdebstrap.ts';
import { BOX_EPOCH, failureOf } from '../../../vms/box/workshop.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

describe('the names of boxes', () => {
  it('tell engine and processor', () => {
    assert.equal(boxFileName('lxc', 'amd64'), 'debian-amd64-lxc.box');
    assert.equal(boxFileName('docker', 'arm64'), 'debian-arm64-docker.tar.gz');
    assert.equal(architectureOf('x64'), 'amd64');
    assert.equal(architectureOf('s390x'), undefined);
  });

  it('lie in the home folder, or where the variable says', () => {
    assert.equal(boxFolder({}, '/home/ann'), path.resolve('/home/ann/.relais/boxes'));
    assert.equal(boxFolder({ RELAIS_BOXES: '/media/stick' }, '/h'), path.resolve('/media/stick'));
    assert.equal(boxFolder({ RELAIS_BOXES: '' }, '/h'), path.resolve('/h/.relais/boxes'));
    assert.equal(kitVagrantHome({}, '/h'), path.resolve('/h/.relais/vagrant'));
  });
});

describe('the command line of mmdebstrap', () => {
  const request = {
    target: '/t/root',
    variant: 'minbase',
    packages: ['nodejs', 'sudo'],
    architecture: 'amd64',
    keepLists: false,
  } as const;

  it('names release, folder and, if there is one, mirror last', () => {
    assert.deepEqual(mmdebstrapArguments(request).slice(-2), ['bookworm', '/t/root']);
    const mirror = 'http://mirror.test/debian';
    assert.equal(mmdebstrapArguments({ ...request, mirror }).at(-1), mirror);
  });

  it('keeps copyright notices and leaves manuals out', () => {
    const options = mmdebstrapArguments(request);
    const [left, kept] = [
      'path-exclude=/usr/share/doc/*',
      'path-include=/usr/share/doc/*/copyright',
    ];
    assert.ok(options.indexOf(`--dpkgopt=${left}`) < options.indexOf(`--dpkgopt=${kept}`));
    assert.ok(options.includes('--include=nodejs,sudo'));
    assert.ok(!options.some(option => option.startsWith('--skip')));
  });
});

describe('archives', () => {
  it('have one time, one order and no names of users', () => {
    const options = treeArguments('/t/root', '/t/root.tar.gz');
    for (const option of ['--sort=name', '--numeric-owner', '--clamp-mtime', 'gzip -n -1']) {
      assert.ok(options.includes(option), option);
    }
  });

  it('of files keep the order that is given', () => {
    const options = filesArguments('/t', ['b', 'a'], '/t/x.box');
    assert.deepEqual(options.slice(-3), ['--', 'b', 'a']);
    assert.ok(!options.includes('gzip -n -1'));
  });
});

describe('a program that fails while a box is built', () => {
  it('is told by its name and its last words', () => {
    const stderr = 'I: success soon\nE: one\n\nE: two\n';
    assert.equal(
      failureOf(['mmdebstrap', '--quiet'], stderr, 1),
      'mmdebstrap failed:\nE: one\nE: two',
    );
    assert.equal(failureOf(['chroot', '/r', 'depmod'], '', 3), 'depmod failed:\nexit code 3');
  });

  it('comes with a hint when the mirror does not answer', () => {
    const stderr =
      'Err:1 http://mirror.test bookworm InRelease\n  Could not connect to mirror.test:80\n';
    assert.match(failureOf(['mmdebstrap'], stderr, 25), /Is there a network\?.*--mirror URL\.$/);
  });
});

describe('the parts of boxes', () => {
  it('find kernel and first file system beside the Vagrantfile of the box', () => {
    const text = libvirtVagrantfile('amd64');
    assert.match(text, /kernel = File\.expand_path\("vmlinuz", __dir__\)/);
    assert.match(text, /initrd = File\.expand_path\("initrd.gz", __dir__\)/);
    assert.match(text, /console=ttyS0 .*no_timer_check"/);
    assert.match(libvirtVagrantfile('arm64'), /console=ttyAMA0 [^_]*$/m);
    assert.match(text, /random model: "random"/);
    assert.doesNotMatch(text, /driver/);
  });

  it('have no times in their disk that tell when it was built', () => {
    const old = { name: '/etc/fstab', changed: 1 };
    const young = { name: '/a file', changed: BOX_EPOCH + 1 };
    assert.equal(timeCommands([old]).match(/mtime/g), null);
    assert.match(timeCommands([young]), /^set_inode_field "\/a file" mtime @1735689600$/m);
    assert.equal(timeCommands([old, young]).match(/ctime @1735689600$/gm)?.length, 2);
  });

  it('tell LXC the processor', () => {
    assert.match(lxcConfig('arm64'), /^lxc\.arch = arm64$/m);
  });

  it('take the kernel that the meta package depends on', () => {
    const printed = 'linux-image-cloud-amd64\n  Depends: linux-image-6.1.0-56-cloud-amd64\n';
    assert.equal(firstDependency(printed), 'linux-image-6.1.0-56-cloud-amd64');
    assert.equal(firstDependency('linux-image-cloud-amd64\n'), undefined);
  });

  it('have a unit for the app that neither restarts it nor needs it', () => {
    const unit = appUnitText();
    assert.match(unit, /^Restart=no$/m);
    assert.match(unit, /^ConditionPathExists=\/opt\/relais\/app\.cjs$/m);
    assert.match(unit, /^ConditionPathExists=\/etc\/relais\/app\.env$/m);
    assert.match(unit, /^ExecStart=\/usr\/bin\/node \/opt\/relais\/app\.cjs$/m);
  });

  it('run the bundled app on the Node of Debian 12, which is 18', () => {
    const bundler = readFileSync(path.join(root, 'scripts/bundle-programs.ts'), 'utf8');
    assert.match(bundler, /target: 'node18'/);
    assert.ok(existsSync(path.join(root, 'dist/hello-earth.cjs')));
  });
});
