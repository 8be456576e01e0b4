/** The engines that Vagrant can drive: which are there, and what each of them is known to trip over. */
import { addressPlan, MAX_INSTANCE } from '../../../vms/address-plan.ts';
import { allowing } from '../../../vms/virtualbox-ranges.ts';
import { t } from '../../harness/text.ts';
import type { Facts } from '../facts.ts';
import { asRoot, type Finding, type Fix, installFix, same } from '../finding.ts';

export function judgeEngines(facts: Facts): readonly Finding[] {
  return [
    vagrant(facts),
    virtualBox(facts),
    ...(facts.linux === undefined
      ? []
      : [engine(facts, 'libvirt'), engine(facts, 'lxc'), engine(facts, 'docker')]),
    ...addressRange(facts),
    ...hyperV(facts),
    ...foreignBoxes(facts),
  ];
}

const notNeeded = t('All labs run without it.', 'Tous les labs tournent sans.');

function vagrant(facts: Facts): Finding {
  const version = facts.tools.versions['vagrant'];
  const one = { id: 'vagrant', what: same('Vagrant') };
  if (version !== undefined) return { ...one, state: 'ready', found: found(version) };
  return {
    ...one,
    state: 'optional',
    found: t('not found', 'introuvable'),
    why: t(
      'It makes machines that are real virtual machines, as in the original tutorial.',
      'Il fait de vraies machines virtuelles, comme dans le tutoriel d’origine.',
    ),
    fix: facts.linux
      ? installFix(facts, facts.tools.missingPackages?.vagrant ?? ['vagrant'])
      : download('https://developer.hashicorp.com/vagrant/install'),
    without: notNeeded,
  };
}

function virtualBox(facts: Facts): Finding {
  const { tools, linux, computer } = facts;
  const version = tools.versions['VBoxManage'];
  const one = { id: 'vagrant.virtualbox', what: same('VirtualBox') };
  const onApple = computer.platform === 'darwin' && computer.arch === 'arm64';
  if (version !== undefined && onApple && isBefore(version, 7, 1)) {
    return {
      ...one,
      state: 'optional',
      found: t(
        `${version}: too old for an Apple processor`,
        `${version} : trop ancien pour un processeur Apple`,
      ),
      fix: download('https://www.virtualbox.org/wiki/Downloads'),
      without: notNeeded,
    };
  }
  if (version !== undefined) return { ...one, state: 'ready', found: found(version) };
  return {
    ...one,
    state: 'optional',
    found: t('not found', 'introuvable'),
    fix:
      linux?.wsl === undefined ? download('https://www.virtualbox.org/wiki/Downloads') : notInWsl,
    without: notNeeded,
  };
}

const notInWsl: Fix = {
  say: t(
    'VirtualBox runs in Windows, not in WSL: use Vagrant from Windows, or do without.',
    'VirtualBox tourne dans Windows, pas dans WSL : lancez Vagrant depuis Windows, ou passez-vous-en.',
  ),
};

const COMMANDS = { libvirt: 'virsh', lxc: 'lxc-start', docker: 'dockerd' } as const;

/** What runs machines on Linux, from the system's own packages. */
function engine(facts: Facts, name: keyof typeof COMMANDS): Finding {
  const { versions, missingPackages } = facts.tools;
  const version = versions[COMMANDS[name]];
  const id = name === 'docker' ? 'docker' : `vagrant.${name}`;
  const one = { id, what: same(name) };
  const missing = missingPackages?.[name] ?? [];
  if (version !== undefined && missing.length === 0) {
    return { ...one, state: 'ready', found: found(version) };
  }
  const list = missing.join(', ');
  return {
    ...one,
    state: 'optional',
    found:
      version === undefined
        ? t('not found', 'introuvable')
        : t(`${version}, without ${list}`, `${version}, sans ${list}`),
    fix: installFix(facts, missing),
    without: notNeeded,
  };
}

/** Since 6.1.28 VirtualBox gives no address outside 192.168.56.0/21, or outside what this file lists. */
function addressRange(facts: Facts): readonly Finding[] {
  const { virtualBoxRanges, versions } = facts.tools;
  if (virtualBoxRanges === undefined || versions['VBoxManage'] === undefined) return [];
  const hubs = [addressPlan(0).hub, addressPlan(MAX_INSTANCE).hub];
  const { allows } = allowing(virtualBoxRanges);
  if (hubs.every(allows)) return [];
  const line = 'sh -c \'echo "* 192.168.56.0/21" >> /etc/vbox/networks.conf\'';
  const list = virtualBoxRanges.join(', ') || '-';
  return [
    {
      id: 'vagrant.virtualbox.addresses',
      what: t('VirtualBox addresses', 'adresses VirtualBox'),
      state: 'optional',
      found: t(
        `/etc/vbox/networks.conf allows only ${list}`,
        `/etc/vbox/networks.conf n’autorise que ${list}`,
      ),
      why: t(
        'VirtualBox will refuse the addresses of the labs, 192.168.56.0 to 192.168.63.255.',
        'VirtualBox refusera les adresses des labs, de 192.168.56.0 à 192.168.63.255.',
      ),
      fix: { command: asRoot(facts, line) },
      without: notNeeded,
    },
  ];
}

/** VirtualBox on top of Windows' own hypervisor is slow, or does not start at all. */
function hyperV({ windows, tools }: Facts): readonly Finding[] {
  if (!windows?.hypervisor || tools.versions['VBoxManage'] === undefined) return [];
  const integrity = windows.memoryIntegrity === true;
  return [
    {
      id: 'vagrant.virtualbox.hyper-v',
      what: same('Hyper-V'),
      state: 'optional',
      found: t(
        `Windows runs on its own hypervisor${integrity ? ' (memory integrity is on)' : ''}`,
        `Windows tourne sur son propre hyperviseur${integrity ? ' (l’intégrité de la mémoire est active)' : ''}`,
      ),
      why: t(
        'VirtualBox then crawls, or its machines do not start. WSL 2, Docker Desktop and Device Guard need it, though.',
        'VirtualBox se traîne alors, ou ses machines ne démarrent pas. Mais WSL 2, Docker Desktop et Device Guard en ont besoin.',
      ),
      fix: {
        command: 'bcdedit /set hypervisorlaunchtype off',
        say: t(
          'As administrator, then restart; `auto` in place of `off` takes it back. Better: run the labs in WSL 2.',
          'En administrateur, puis redémarrez ; `auto` au lieu de `off` revient en arrière. Mieux : lancez les labs dans WSL 2.',
        ),
      },
      without: notNeeded,
    },
  ];
}

/** A box for another processor does not boot, and says so only after minutes. */
function foreignBoxes({ computer, tools }: Facts): readonly Finding[] {
  const own = computer.arch === 'x64' ? 'amd64' : computer.arch;
  const known = tools.vagrantBoxes.filter(({ architecture = own }) => architecture !== own);
  return known.map(({ name, provider, architecture }) => ({
    id: `vagrant.box.${name}`,
    what: same('Vagrant box'),
    state: 'optional',
    found: t(
      `${name} (${provider}) is for ${architecture}, this computer is ${own}`,
      `${name} (${provider}) est faite pour ${architecture}, cet ordinateur est ${own}`,
    ),
    why: t('Its machines would not boot here.', 'Ses machines ne démarreraient pas ici.'),
    fix: {
      say: t(
        'Take a box for this processor: --box NAME.',
        'Prenez une box pour ce processeur : --box NOM.',
      ),
    },
    without: notNeeded,
  }));
}

function found(version: string) {
  return version === '' ? t('found', 'trouvé') : same(version);
}

function download(address: string): Fix {
  return { say: t(`Get it from ${address}`, `À prendre sur ${address}`) };
}

function isBefore(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number.parseFloat);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}
