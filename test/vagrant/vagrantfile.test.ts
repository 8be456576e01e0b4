/** The Vagrantfile, read by the real Vagrant and its real plug-ins; no machine is made. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { addressPlan, MACHINE_NAMES } from '../../vms/address-plan.ts';
import { getTools } from '../../vms/debian-packages.ts';
import { mustRun, runCommand } from '../../vms/programs/command.ts';
import { mustRunVagrant, runVagrant } from '../../vms/vagrant/command-line.ts';
import type { EngineName } from '../../vms/vagrant/engines.ts';
import { recogniseVagrantError } from '../../vms/vagrant/explain-error.ts';
import { type MachineList, machineList } from '../../vms/vagrant/machine-list.ts';
import { parseStatus } from '../../vms/vagrant/machine-readable.ts';
import {
  plannedSpecs,
  type VagrantFolder,
  type VagrantFolderOptions,
  vagrantFolder,
} from '../support/vagrant-folder.ts';

const ENGINES = ['virtualbox', 'libvirt', 'lxc'] as const;
const TUTORIAL = MACHINE_NAMES.filter(name => name.startsWith('webapp'));

function planned(engine: EngineName, instance = 0, proxy = false): MachineList {
  const { subnet, hub, proxyPort } = addressPlan(instance);
  return machineList(plannedSpecs(MACHINE_NAMES, instance), {
    engine,
    prefix: `run${instance}`,
    subnet,
    ...(proxy ? { proxy: { ip: hub, forwards: [{ host: proxyPort, guest: proxyPort }] } } : {}),
  });
}

function opened(t: TestContext, engine: EngineName, options?: VagrantFolderOptions): VagrantFolder {
  const folder = vagrantFolder(engine, options);
  t.after(() => folder.remove());
  return folder;
}

async function isValidWith(folder: VagrantFolder, names: readonly string[]): Promise<void> {
  const valid = await mustRunVagrant(folder.place, ['validate']);
  assert.match(valid, /Vagrantfile validated successfully\./);
  const status = await mustRunVagrant(folder.place, ['status', '--machine-readable']);
  assert.deepEqual(
    parseStatus(status),
    names.map(machine => ({ machine, word: 'not_created', state: 'not-created' })),
  );
}

describe('vms/Vagrantfile', () => {
  before(() => getTools(['vagrant', 'lxc', 'libvirt'], line => console.log(line)));

  it('is Ruby', async t => {
    const { place } = opened(t, 'lxc');
    const file = path.join(place.folder, 'Vagrantfile');
    assert.equal(await mustRun(['ruby', '-wc', file]), 'Syntax OK\n');
  });

  for (const engine of ENGINES) {
    it(`${engine}: valid without a list, with the machines of the tutorial`, async t => {
      const folder = opened(t, engine);
      await isValidWith(folder, TUTORIAL);
      const asked = new Set(folder.askedOfVirtualBox());
      assert.deepEqual([...asked], engine === 'virtualbox' ? ['--version'] : []);
    });

    it(`${engine}: valid with all machines of the plan`, async t => {
      await isValidWith(opened(t, engine, { list: planned(engine) }), MACHINE_NAMES);
    });

    it(`${engine}: valid with the proxy on a machine of its own, in instance 3`, async t => {
      const list = planned(engine, 3, true);
      await isValidWith(opened(t, engine, { list }), [...MACHINE_NAMES, 'proxy']);
    });
  }

  const typos: [EngineName, string, string, string][] = [
    ['virtualbox', 'box.memory =', 'box.memroy =', "settings shouldn't exist: memroy"],
    ['libvirt', 'domain.cpus =', 'domain.cpuz =', "settings shouldn't exist: cpuz"],
    ['lxc', '"file", source:', '"fiel", source:', "The 'fiel' provisioner could not be found"],
  ];
  for (const [engine, right, wrong, words] of typos) {
    it(`${engine}: validation finds a slip of the pen (${wrong.trim()})`, async t => {
      const change = (text: string): string => text.replace(right, wrong);
      const folder = opened(t, engine, { list: planned(engine), change });
      const { exitCode, stderr, stdout } = await runVagrant(folder.place, ['validate']);
      assert.equal(exitCode, 1);
      assert.ok((stderr + stdout).includes(words), stderr + stdout);
    });
  }

  it('works when it is typed by hand, whatever engine Vagrant would guess', async t => {
    const { place } = opened(t, 'virtualbox', { list: planned('virtualbox') });
    const home = { VAGRANT_HOME: place.home ?? '', VAGRANT_CHECKPOINT_DISABLE: '1' };
    const env = { ...place.env, ...home, VAGRANT_CWD: place.folder };
    const { stdout } = await runCommand(['vagrant', 'status', 'webapp2'], { env });
    assert.match(stdout, /webapp2 +not created \(virtualbox\)/);
  });
});

describe('what Vagrant makes of it', () => {
  it('virtualbox: size, address, ports on this computer only, nothing shared', async t => {
    const list = planned('virtualbox', 0, true);
    const { webapp2, proxy } = await opened(t, 'virtualbox', { list }).facts();
    assert.ok(webapp2 && proxy);
    const { box, version, update, guest, folders, insertKey, networks, engine } = webapp2;
    assert.deepEqual(
      { box, version, update, guest, folders, insertKey },
      {
        box: 'bento/debian-13',
        version: '202510.26.0',
        update: false,
        guest: 'debian',
        folders: [],
        insertKey: false,
      },
    );
    assert.deepEqual(
      networks.map(([kind, { ip, mac, guest: inside, host, host_ip: on }]) =>
        kind === 'private_network' ? [kind, ip, mac] : [kind, on, host, inside],
      ),
      [
        ['forwarded_port', '127.0.0.1', 9092, 8080],
        ['private_network', '192.168.56.22', '525400a83816'],
      ],
    );
    assert.deepEqual(
      proxy.networks.map(([kind, { host, ip }]) => [kind, host ?? ip]),
      [
        ['forwarded_port', 9090],
        ['private_network', '192.168.56.10'],
      ],
    );
    assert.equal(engine['linked_clone'], true);
    assert.equal(engine['name'], 'relais-run0-webapp2');
    assert.deepEqual(engine['customizations'], [
      ['pre-boot', ['modifyvm', 'id', '--memory', '256']],
      ['pre-boot', ['modifyvm', 'id', '--cpus', 1]],
    ]);
  });

  it('libvirt: networks of its own without a way out', async t => {
    const list: MachineList = { ...planned('libvirt', 3), driver: 'qemu', hostIp: '192.168.59.10' };
    const { shop } = await opened(t, 'libvirt', { list }).facts();
    assert.ok(shop);
    const [[, network] = ['', {}], ...others] = shop.networks;
    assert.deepEqual(others, []);
    const { id: _id, protocol: _protocol, ...options } = network;
    assert.deepEqual(options, {
      ip: '192.168.59.42',
      mac: '52:54:00:a8:3b:2a',
      libvirt__network_name: 'relais-run3',
      libvirt__dhcp_enabled: false,
      libvirt__forward_mode: 'none',
      libvirt__host_ip: '192.168.59.10',
      auto_config: false,
    });
    const expected = {
      driver: 'qemu',
      memory: 256,
      cpus: 1,
      default_prefix: 'relais-run3-',
      management_network_name: 'relais-run3-ssh',
      management_network_address: '192.168.203.0/24',
      management_network_mode: 'none',
      graphics_type: 'none',
      cpu_mode: 'custom',
      cpu_model: 'qemu64',
    };
    const told = Object.keys(expected).map(key => [key, shop.engine[key]]);
    assert.deepEqual(Object.fromEntries(told), expected);
  });

  it("libvirt: the kit's own box is told its address by the kit, another one by Vagrant", async t => {
    const list = planned('libvirt');
    const own = (await opened(t, 'libvirt', { list }).facts())['webapp1'];
    const other = { ...list, box: 'somebody/box' };
    const foreign = (await opened(t, 'libvirt', { list: other }).facts())['webapp1'];
    const told = [own, foreign].map(machine => {
      const set = machine?.provisioners.find(({ name }) => name === 'relais');
      return [
        machine?.networks[0]?.[1]['auto_config'],
        ((set?.['args'] ?? []) as string[]).slice(1, 3),
      ];
    });
    const address = ['52:54:00:a8:38:15', '192.168.56.21'];
    assert.deepEqual(told, [
      [false, address],
      [true, ['', '']],
    ]);
  });

  it('lxc: the one card has the address, and names that the system takes', async t => {
    const list: MachineList = { ...planned('lxc', 7), bridge: 'br7' };
    const { 'webapp-new3': machine } = await opened(t, 'lxc', { list }).facts();
    assert.ok(machine);
    assert.deepEqual(machine.networks, []);
    assert.equal(
      machine.sshForwarded,
      false,
      'leases of its port break when machines come at once',
    );
    assert.equal(machine.engine['container_name'], 'relais-run7-webapp-new3');
    assert.equal(machine.engine['ssh_ip_addr'], '192.168.63.33');
    assert.deepEqual(machine.engine['customizations'], [
      ['net.0.type', 'veth'],
      ['net.0.link', 'br7'],
      ['net.0.flags', 'up'],
      ['net.0.name', 'eth0'],
      ['net.0.ipv4.address', '192.168.63.33/24'],
      ['net.0.veth.pair', 'rl-63-33'],
      ['net.0.hwaddr', '52:54:00:a8:3f:21'],
    ]);
  });

  it("the app's variables arrive as systemd reads them, whatever is in them", async t => {
    const [spec] = plannedSpecs(['webapp1']);
    assert.ok(spec);
    const env = { GREETING: 'a "quoted" $HOME `id` \\ back\nnext line' };
    const list = machineList([{ ...spec, app: { ...spec.app, env } }], {
      engine: 'lxc',
      prefix: 'run',
      subnet: '192.168.56',
    });
    const { webapp1 } = await opened(t, 'lxc', { list }).facts();
    const install = webapp1?.provisioners.find(({ name }) => name === 'relais');
    const [variables = '', unit = ''] = ((install?.['args'] ?? []) as string[])
      .slice(3)
      .map(argument => Buffer.from(argument, 'base64').toString());
    assert.equal(
      variables,
      'GREETING="a \\"quoted\\" \\$HOME \\`id\\` \\\\ back\nnext line"\n' +
        'HOST="0.0.0.0"\nPORT="8080"\nVERSION="v1"\nMACHINE="webapp1"\n',
    );
    assert.match(unit, /^ExecStart=\/usr\/bin\/node \/opt\/relais\/app\.cjs$/m);
  });
});

describe('what is wrong', () => {
  it('is let pass by Vagrant where the kit refuses it', async t => {
    const list = planned('virtualbox');
    const machines = list.machines.map((machine, at) => ({
      ...machine,
      ip: ['192.168.56.300', '192.168.1.21'][at] ?? '192.168.56.21',
      forwardedPort: 9091,
    }));
    const folder = opened(t, 'virtualbox', { list: { ...list, machines } });
    assert.match(await mustRunVagrant(folder.place, ['validate']), /validated successfully/);
  });

  const lists: [string, string, RegExp][] = [
    [
      'a list of another version',
      '{"version":2}',
      /has version 2, this Vagrantfile reads version 1/,
    ],
    ['a list that was cut off', '{"version":1,"mach', /The list of machines \S+ cannot be read/],
    ['a list that is none', '[]', /has version none/],
    ['a list without a key', '{"version":1,"engine":"lxc"}', /The list of machines has no "box"/],
  ];
  for (const [title, text, words] of lists) {
    it(`${title} is named`, async t => {
      const { place } = opened(t, 'lxc', { list: planned('lxc') });
      writeFileSync(path.join(place.folder, 'machines.json'), text);
      const { exitCode, stderr } = await runVagrant(place, ['status']);
      assert.equal(exitCode, 1);
      assert.match(stderr, words);
    });
  }

  it('a list that is not there is named', async t => {
    const { place } = opened(t, 'lxc', { list: planned('lxc') });
    const elsewhere = { ...place, machinesFile: '/nowhere/machines.json' };
    await assert.rejects(mustRunVagrant(elsewhere, ['status']), /\/nowhere\/machines\.json/);
  });

  it('a missing box is explained, and none is fetched', async t => {
    const { place } = opened(t, 'lxc', { list: planned('lxc') });
    const { exitCode, stderr } = await runVagrant(place, ['up', 'webapp1']);
    assert.equal(exitCode, 1);
    assert.equal(recogniseVagrantError(stderr)?.kind, 'no-box');
    assert.match(stderr, /http:\/\/127\.0\.0\.1:9\/relais\/debian/);
  });

  it('an engine that Vagrant does not know is explained', async t => {
    const { place } = opened(t, 'parallels', { list: planned('parallels') });
    const { stderr } = await runVagrant(place, ['status']);
    assert.equal(recogniseVagrantError(stderr)?.kind, 'no-plugin');
  });

  it('VirtualBox that is not there is explained', async t => {
    const { place } = opened(t, 'virtualbox', { list: planned('virtualbox') });
    const without = { ...place, env: { PATH: process.env['PATH'] ?? '' } };
    const { stderr, exitCode } = await runVagrant(without, ['status']);
    if (exitCode === 0) return t.skip('VirtualBox is installed here');
    assert.equal(recogniseVagrantError(stderr)?.kind, 'no-virtualbox', stderr);
  });
});
