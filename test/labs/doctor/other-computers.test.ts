/** What the doctor says about computers that the tests do not run on, from records of such ones. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatherFacts } from '../../../labs/doctor/gather/gather.ts';
import {
  finding,
  hasNo,
  judged,
  noBrowser,
  noNamespaces,
  unready,
} from '../../support/judged-computer.ts';
import { recordedDeeds, recordedSystem, wanted } from '../../support/recorded-system.ts';

describe('a computer with everything', () => {
  it('is ready, and nothing is wrong', async () => {
    const judgement = await judged({ files: { '/etc/hosts': '127.0.0.1 localhost' } });
    assert.equal(judgement.ready, true);
    assert.equal(judgement.machines, 'netns');
    const wrong = judgement.findings.filter(one => ['missing', 'limited'].includes(one.state));
    assert.deepEqual(wrong, []);
  });
});

describe('Ubuntu 24.04 for an ordinary user', () => {
  const ubuntu = {
    files: {
      '/etc/os-release': 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\nID_LIKE=debian\n',
      '/etc/hosts': '127.0.0.1 localhost\n',
      '/proc/version': 'Linux version 6.8.0-45-generic (buildd@lcy02) #45-Ubuntu SMP',
      '/proc/self/status': 'Name:\tnode\nCapEff:\t0000000000000000\n',
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n',
    },
    said: { 'sudo --version': 'Sudo version 1.9' },
  };
  const refusal = {
    netns: unready('AppArmor forbids user namespaces to ordinary users on this system'),
  };

  it('is told the one line that allows namespaces, and what runs without', async () => {
    const judgement = await judged(ubuntu, refusal);
    const { state, found, fix, without } = finding(judgement, 'machines.netns');
    assert.equal(state, 'limited');
    assert.match(found.en, /Ubuntu since 23\.10/);
    assert.match(found.fr, /AppArmor interdit/);
    assert.equal(fix?.command, 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0');
    assert.match(without?.en ?? '', /All \d+ labs run on process; in .*circuit-breaker.*power-off/);
    assert.equal(judgement.ready, true);
    assert.equal(judgement.machines, 'process');
  });

  it('hears of Debian packages with sudo, and --fix has nothing to do', async () => {
    const nothing = { findBrowser: async () => noBrowser };
    const { fix } = finding(await judged(ubuntu, {}, nothing), 'browser');
    assert.equal(fix?.command, 'npx playwright install chromium');
    assert.equal(fix?.deed, undefined);
    const tools = { missingPackages: async () => ['vagrant'] };
    const vagrant = finding(await judged(ubuntu, {}, tools), 'vagrant');
    assert.equal(vagrant.fix?.command, 'sudo apt-get install --no-install-recommends vagrant');
    assert.equal(vagrant.fix?.deed, undefined);
  });
});

describe('a container with the rights that Docker gives', () => {
  const container = {
    isRoot: true,
    files: {
      '/.dockerenv': '',
      '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12"\n',
      '/proc/self/status': 'CapEff:\t00000000a80425fb\n',
    },
  };
  const refusal = {
    netns: unready('this process may not make network namespaces (a container without rights?)'),
  };

  it('is recognised, and the start of the container is what to change', async () => {
    const judgement = await judged(container, refusal);
    assert.match(finding(judgement, 'system').found.en, /in a container \(docker\), as root/);
    const { fix } = finding(judgement, 'machines.netns');
    assert.match(fix?.say?.en ?? '', /--cap-add SYS_ADMIN --cap-add NET_ADMIN/);
    assert.equal(judgement.ready, true);
  });

  it('has the capabilities that its bits say', async () => {
    const facts = await gatherFacts(recordedSystem(container), recordedDeeds(), wanted);
    assert.deepEqual(facts.linux?.capabilities, ['cap_net_raw']);
    const all = { ...container, files: { '/proc/self/status': 'CapEff:\t000001ffffffffff\n' } };
    const { linux } = await gatherFacts(recordedSystem(all), recordedDeeds(), wanted);
    const names = ['cap_net_admin', 'cap_net_raw', 'cap_sys_admin', 'cap_sys_resource'];
    assert.deepEqual(linux?.capabilities, names);
  });

  it('as root, --fix may install what is missing', async () => {
    const { fix } = finding(
      await judged(container, {}, { findBrowser: async () => noBrowser }),
      'browser',
    );
    assert.equal(fix?.command, 'apt-get install --no-install-recommends chromium');
    assert.deepEqual(fix?.deed, { kind: 'packages', packages: ['chromium'] });
  });
});

describe('WSL', () => {
  const second = 'Linux version 5.15.153.1-microsoft-standard-WSL2 (root@941d701f84f1)';
  const first = 'Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) (gcc 5.4.0)';
  const ubuntu = 'ID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 22.04 LTS"\n';

  it('2 is a Linux, slow on drives of Windows, and without VirtualBox', async () => {
    const files = { '/proc/version': second, '/etc/os-release': ubuntu };
    const judgement = await judged({ files, kitFolder: '/mnt/c/Users/lea/relais' });
    assert.match(finding(judgement, 'system').found.en, /WSL 2/);
    assert.equal(finding(judgement, 'windows-drive').state, 'limited');
    assert.match(finding(judgement, 'vagrant.virtualbox').fix?.say?.en ?? '', /not in WSL/);
    assert.equal(judgement.machines, 'netns');
    hasNo(await judged({ files }), 'windows-drive');
  });

  it('1 has no namespaces: the fix is the second version', async () => {
    const files = { '/proc/version': first, '/etc/os-release': ubuntu };
    const refusal = { netns: unready('unshare: unshare failed: Invalid argument') };
    const judgement = await judged({ files }, refusal);
    assert.match(finding(judgement, 'system').found.en, /WSL 1/);
    const { fix, found } = finding(judgement, 'machines.netns');
    assert.equal(fix?.command, 'wsl --set-version ubuntu 2');
    assert.match(found.en, /unshare failed/);
  });
});

describe('macOS on an Apple processor', () => {
  const mac = {
    platform: 'darwin',
    arch: 'arm64',
    node: { version: '22.11.0', arch: 'arm64' },
    canListen: async (host: string) => host === '127.0.0.1',
    files: { '/etc/hosts': '127.0.0.1\tlocalhost\n::1 localhost\n' },
  } as const;

  it('has one address, and labs run as processes', async () => {
    const judgement = await judged(mac, noNamespaces);
    assert.match(finding(judgement, 'system').found.en, /^macOS .* only 127\.0\.0\.1/);
    assert.equal(finding(judgement, 'machines.netns').state, 'optional');
    assert.equal(judgement.machines, 'process');
    assert.equal(judgement.ready, true);
    hasNo(judgement, 'kernel.kvm');
  });

  it('boots no box for Intel, and no VirtualBox before 7.1', async () => {
    const boxes = '/home/lea/.relais/vagrant/boxes';
    const files = {
      ...mac.files,
      [`${boxes}/bento-VAGRANTSLASH-debian-12/202502.21.0/amd64/virtualbox/metadata.json`]: '{}',
      [`${boxes}/ubuntu-VAGRANTSLASH-jammy64/1/virtualbox/metadata.json`]:
        '{"provider":"virtualbox","architecture":"amd64"}',
      [`${boxes}/bento-VAGRANTSLASH-debian-13/1/arm64/virtualbox/metadata.json`]: '{}',
    };
    const said = { 'VBoxManage --version': '7.0.10r158379', 'vagrant --version': 'Vagrant 2.4.3' };
    const judgement = await judged({ ...mac, files, said }, noNamespaces);
    const { found, fix } = finding(judgement, 'vagrant.box.bento/debian-12');
    assert.match(found.en, /is for amd64, this computer is arm64/);
    assert.match(fix?.say?.en ?? '', /--box NAME/);
    finding(judgement, 'vagrant.box.ubuntu/jammy64');
    hasNo(judgement, 'vagrant.box.bento/debian-13');
    assert.match(finding(judgement, 'vagrant.virtualbox').found.en, /too old for an Apple/);
    assert.equal(finding(judgement, 'vagrant').found.en, '2.4.3');
  });

  it('tells of a Node that is translated', async () => {
    const said = { 'sysctl -n sysctl.proc_translated': '1\n' };
    const node = { version: '22.11.0', arch: 'x64' };
    const judgement = await judged({ ...mac, said, node }, noNamespaces);
    assert.equal(finding(judgement, 'node').state, 'limited');
    assert.match(finding(judgement, 'node').fix?.say?.en ?? '', /arm64/);
  });
});

describe('Windows', () => {
  const windows = {
    platform: 'win32',
    env: { SystemRoot: 'C:\\Windows', WT_SESSION: 'x' },
    files: { 'C:\\Program Files\\Oracle\\VirtualBox\\VBoxManage.exe': '' },
    userHome: 'C:\\Users\\lea',
  } as const;
  const hypervisor =
    'powershell -NoProfile -NonInteractive -Command (Get-CimInstance Win32_ComputerSystem).HypervisorPresent';
  const virtualBox = 'C:\\Program Files\\Oracle\\VirtualBox\\VBoxManage.exe --version';
  const refusal = {
    ...noNamespaces,
    process: unready('Windows passes no listening sockets on to other programs'),
  };

  it('with Hyper-V below VirtualBox is warned before hours are lost', async () => {
    const said = { [hypervisor]: 'True\r\n', [virtualBox]: '7.1.4r165100\r\n' };
    const judgement = await judged({ ...windows, said });
    const { found, why, fix } = finding(judgement, 'vagrant.virtualbox.hyper-v');
    assert.match(found.en, /its own hypervisor/);
    assert.match(why?.en ?? '', /crawls/);
    assert.equal(fix?.command, 'bcdedit /set hypervisorlaunchtype off');
    assert.equal(finding(judgement, 'vagrant.virtualbox').found.en, '7.1.4r165100');
  });

  it('without a hypervisor hears nothing of it', async () => {
    const said = { [hypervisor]: 'False\r\n', [virtualBox]: '7.1.4r165100\r\n' };
    hasNo(await judged({ ...windows, said }), 'vagrant.virtualbox.hyper-v');
  });

  it('is sent to WSL when no machines can be made', async () => {
    const judgement = await judged(windows, refusal);
    assert.equal(judgement.ready, false);
    assert.equal(judgement.machines, undefined);
    const { state, fix, without } = finding(judgement, 'machines.process');
    assert.equal(state, 'missing');
    assert.equal(fix?.command, 'wsl --install');
    assert.match(without?.en ?? '', /No lab runs/);
  });
});

describe('VirtualBox', () => {
  const said = { 'VBoxManage --version': '7.0.20r163906' };

  it('is asked whether it may give the addresses of the labs', async () => {
    const ranges = (text: string) => judged({ said, files: { '/etc/vbox/networks.conf': text } });
    const { found, fix } = finding(await ranges('* 10.0.0.0/8\n'), 'vagrant.virtualbox.addresses');
    assert.match(found.en, /only 10\.0\.0\.0\/8/);
    assert.match(fix?.command ?? '', /192\.168\.56\.0\/21.*networks\.conf/);
    finding(await ranges('* 192.168.56.0/24\n'), 'vagrant.virtualbox.addresses');
    hasNo(await ranges('# ours\n* 10.0.0.0/8 192.168.0.0/16\n'), 'vagrant.virtualbox.addresses');
    hasNo(await ranges('* 0.0.0.0/0 ::/0\n'), 'vagrant.virtualbox.addresses');
    hasNo(await judged({ said }), 'vagrant.virtualbox.addresses');
  });
});
