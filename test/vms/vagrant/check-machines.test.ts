import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressPlan, MACHINE_NAMES, MAX_INSTANCE } from '../../../vms/address-plan.ts';
import { MachineError } from '../../../vms/errors.ts';
import type { MachineSpec } from '../../../vms/machine.ts';
import { checkMachines, machineProblems, validName } from '../../../vms/vagrant/check-machines.ts';
import { ENGINE_NAMES } from '../../../vms/vagrant/engines.ts';
import {
  type ListedMachine,
  type MachineList,
  type MachineListOptions,
  machineList,
} from '../../../vms/vagrant/machine-list.ts';
import { allowedRanges, rangesIn } from '../../../vms/virtualbox-ranges.ts';

const app = { file: '/apps/hello-earth.cjs', version: 'v1' };
const vbox = rangesIn(undefined);

function specs(instance = 0): MachineSpec[] {
  const { machines } = addressPlan(instance);
  return MACHINE_NAMES.map(name => ({ name, ...machines[name], app }));
}

function planned(options: Partial<MachineListOptions> = {}, instance = 0): MachineList {
  const { subnet } = addressPlan(instance);
  return machineList(specs(instance), { engine: 'virtualbox', prefix: 'run', subnet, ...options });
}

/** The problems of the planned machines when the second one is changed so. */
function problemsWith(
  change: Partial<ListedMachine>,
  options?: Partial<MachineListOptions>,
): readonly string[] {
  const list = planned(options);
  const machines = list.machines.map((machine, at) =>
    at === 1 ? { ...machine, ...change } : machine,
  );
  return machineProblems({ ...list, machines }, vbox);
}

describe('machineProblems', () => {
  it('finds nothing in the plan, for any engine and instance, with the proxy anywhere', () => {
    for (const engine of ENGINE_NAMES) {
      for (let instance = 0; instance <= MAX_INSTANCE; instance += 1) {
        const { hub, proxyPort } = addressPlan(instance);
        const proxy = { ip: hub, forwards: [{ host: proxyPort, guest: 8080 }] };
        assert.deepEqual(machineProblems(planned({ engine }, instance), vbox), []);
        assert.deepEqual(machineProblems(planned({ engine, proxy }, instance), vbox), []);
      }
    }
  });

  const cases: [string, Partial<ListedMachine>, string][] = [
    [
      'an address that is none',
      { ip: '192.168.56.300' },
      'webapp2: ip: 192.168.56.300 is no address: it has four numbers, each 0 to 255. ' +
        'Write 192.168.56.21, say.',
    ],
    [
      "an address outside VirtualBox's range",
      { ip: '192.168.1.22' },
      'webapp2: ip: 192.168.1.22 is not in what VirtualBox allows since version 6.1.28 ' +
        '(192.168.56.0/21). Take an address of 192.168.56.0/21, or put "* 192.168.56.0/24" into ' +
        '/etc/vbox/networks.conf.',
    ],
    [
      "an address outside the lab's network",
      { ip: '192.168.57.22' },
      "webapp2: ip: 192.168.57.22 is not in the lab's network 192.168.56.0/24. " +
        'Take one of 192.168.56.2 to .254.',
    ],
    [
      "this computer's own address",
      { ip: '192.168.56.1' },
      "webapp2: ip: 192.168.56.1 is this computer's own in that network. " +
        'Take another one of 192.168.56.2 to .254.',
    ],
    [
      "the proxy's address",
      { ip: '192.168.56.10' },
      "webapp2: ip: 192.168.56.10 is the proxy's. Take another one of 192.168.56.2 to .254.",
    ],
    [
      "the network's address",
      { ip: '192.168.56.0' },
      "webapp2: ip: 192.168.56.0 is the network's own. Take another one of 192.168.56.2 to .254.",
    ],
    [
      'an address twice',
      { ip: '192.168.56.21' },
      'ip: webapp1 and webapp2 both have 192.168.56.21. Free is, for example, 192.168.56.22.',
    ],
    [
      'a forwarded port twice',
      { forwardedPort: 9091 },
      'forwardedPort: webapp1 and webapp2 both ask for 9091. ' +
        'Give each its own, or 0 for a free one.',
    ],
    [
      'a forwarded port that is none',
      { forwardedPort: 99_092 },
      'webapp2: forwardedPort: 99092 is no port. Take one of 1024 to 65535, or 0 for a free one.',
    ],
    [
      "a forwarded port of the system's",
      { forwardedPort: 80 },
      "webapp2: forwardedPort: 80 is for the system's own services, virtualbox may not open it. " +
        'Take one of 1024 to 65535, or 0 for a free one.',
    ],
    ['a port that is none', { port: 0 }, 'webapp2: port: 0 is no port. Take one of 1 to 65535.'],
    [
      'a name of the old tutorial',
      { name: 'webapp_new9' },
      'name: "webapp_new9" has an underscore: hosts are named with the letters a to z, digits and ' +
        '"-" between them. Call it webapp-new9.',
    ],
    [
      'a name with other signs',
      { name: 'My Web.App!' },
      'name: "My Web.App!" is no host name: hosts are named with the letters a to z, digits and ' +
        '"-" between them. Call it my-web-app.',
    ],
    [
      'a name twice',
      { name: 'webapp1' },
      'name: two machines are called webapp1. Give each its own name.',
    ],
    [
      'a name that is too long',
      { name: 'w'.repeat(60) },
      `name: relais-run-${'w'.repeat(60)} has 71 characters, the most is 63. ` +
        `Shorten the name ${'w'.repeat(60)} or the label of the run.`,
    ],
    [
      'too little memory',
      { memoryMiB: 64 },
      'webapp2: memoryMiB: 64 is less than the box needs to boot. Give it 256 or more.',
    ],
    [
      'half a processor',
      { cpus: 0.5 },
      'webapp2: cpus: 0.5 is no number of processors. Give it 1 or more.',
    ],
  ];
  for (const [title, change, problem] of cases) {
    it(`finds ${title}`, () => assert.deepEqual(problemsWith(change), [problem]));
  }

  it('lets any number of machines take a free port', () => {
    const list = planned();
    const machines = list.machines.map(machine => ({ ...machine, forwardedPort: 0 }));
    assert.deepEqual(machineProblems({ ...list, machines }, vbox), []);
  });

  it('asks VirtualBox alone for its range, and containers for no memory', () => {
    const subnet = '10.7.0';
    const ip = '10.7.0.22';
    const others = specs().map(spec => ({ ...spec, ip: spec.ip.replace('192.168.56', subnet) }));
    const list = machineList(others, { engine: 'libvirt', prefix: 'run', subnet });
    assert.deepEqual(machineProblems(list, vbox), []);
    assert.equal(machineProblems({ ...list, engine: 'virtualbox' }, vbox).length, others.length);
    assert.deepEqual(problemsWith({ memoryMiB: 0 }, { engine: 'lxc' }), []);
    assert.ok(problemsWith({ ip }, { engine: 'lxc' })[0]?.includes("not in the lab's network"));
  });

  it("finds the proxy's port and address beside those of machines", () => {
    const proxy = { ip: '192.168.56.21', forwards: [{ host: 9092, guest: 8080 }] };
    assert.deepEqual(machineProblems(planned({ proxy }), vbox), [
      'ip: webapp1 and proxy both have 192.168.56.21. Free is, for example, 192.168.56.24.',
      'forwardedPort: webapp2 and proxy both ask for 9092. ' +
        'Give each its own, or 0 for a free one.',
    ]);
  });

  it('finds a bridge that no system takes', () => {
    const problems = machineProblems(planned({ engine: 'lxc', bridge: 'relais-for-lab-1' }), vbox);
    assert.deepEqual(problems, [
      'bridge: "relais-for-lab-1" is no name of a bridge. It has 1 to 15 characters.',
    ]);
  });
});

describe('checkMachines', () => {
  it('says all at once, and nothing when all is well', () => {
    checkMachines(planned(), vbox);
    const list = planned();
    const machines = list.machines.map(machine => ({ ...machine, memoryMiB: 16, cpus: 0 }));
    assert.throws(
      () => checkMachines({ ...list, machines }, vbox),
      (error: unknown) => {
        assert.ok(error instanceof MachineError && error.code === 'VM_LIST_INVALID');
        assert.equal(error.message.split('\n').length, 1 + 2 * machines.length);
        return true;
      },
    );
  });
});

describe('validName', () => {
  it('gives a name that is accepted, whatever was asked for', () => {
    fc.assert(
      fc.property(fc.string(), name => {
        const list = planned();
        const [first] = list.machines;
        assert.ok(first);
        const machines = [{ ...first, name: validName(name).slice(0, 40).replace(/-+$/, '') }];
        assert.deepEqual(machineProblems({ ...list, machines }, vbox), []);
      }),
    );
  });
});

describe('rangesIn', () => {
  it('allows what the file says, and only that', () => {
    const { allows, ranges } = rangesIn(
      '# mine\n* 10.0.0.0/8 192.168.0.0/16\n* fe80::/10 nonsense\n',
    );
    assert.deepEqual(ranges, ['10.0.0.0/8', '192.168.0.0/16']);
    assert.deepEqual(
      ['10.1.2.3', '192.168.200.1', '172.16.0.1'].map(ip => allows(ip)),
      [true, true, false],
    );
  });

  it('allows 192.168.56.0/21 without a file', () => {
    const ips = ['192.168.55.255', '192.168.56.1', '192.168.63.254', '192.168.64.1'];
    assert.deepEqual(
      ips.map(ip => vbox.allows(ip)),
      [false, true, true, false],
    );
  });
});

describe('allowedRanges', () => {
  it('asks for none where VirtualBox has no such rule', () => {
    assert.equal(allowedRanges('win32'), undefined);
    assert.equal(allowedRanges('darwin'), undefined);
    assert.deepEqual(allowedRanges('linux', '/nowhere')?.ranges, ['192.168.56.0/21']);
  });
});
