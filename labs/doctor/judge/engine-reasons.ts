/** What the providers docker and vagrant say when they cannot make machines, or say about those they make. */
import { t } from '../../harness/text.ts';
import { asRoot, installFix } from '../finding.ts';
import { findPhrase, type Phrase } from './phrase.ts';

export const DOCKER: readonly Phrase[] = [
  {
    said: /^Docker is not installed/,
    text: t('Docker is not installed', 'Docker n’est pas installé'),
    fix: facts => installFix(facts, facts.tools.missingPackages?.docker ?? ['docker.io']),
  },
  {
    said: /^a Docker engine of the kit's own needs Linux and root/,
    text: t(
      'a Docker engine of the kit’s own needs Linux and root',
      'un moteur Docker propre au kit demande Linux et root',
    ),
    fix: () => ({
      command: 'RELAIS_DOCKER=host lab doctor --try docker',
      say: t(
        'This takes the engine that is there; or run it as root.',
        'Ceci prend le moteur déjà présent ; ou lancez-le en root.',
      ),
    }),
  },
  {
    said: /^no Docker engine answers at (.+)/,
    text: at => t(`no Docker engine answers at ${at}`, `aucun moteur Docker ne répond à ${at}`),
    fix: facts => ({
      ...(facts.linux && { command: asRoot(facts, 'systemctl start docker') }),
      say: t(
        'Start Docker, and see to it that you may use it (docker ps).',
        'Démarrez Docker, et assurez-vous d’y avoir accès (docker ps).',
      ),
    }),
  },
  {
    said: /^the image of the machines is missing(.*)/,
    text: where =>
      t(`the image of the machines is missing${where}`, `l’image des machines manque${where}`),
    fix: () => ({ command: 'npm run box:build -- docker' }),
  },
];

export const VAGRANT: readonly Phrase[] = [
  {
    said: /^vagrant is not installed/,
    text: t('Vagrant is not installed', 'Vagrant n’est pas installé'),
    fix: facts => installFix(facts, facts.tools.missingPackages?.vagrant ?? ['vagrant']),
  },
  {
    said: /^Vagrant can drive nothing here(?: \((.*)\))?/s,
    text: (inside = '') =>
      t(
        `Vagrant can drive nothing here (${inside})`,
        `Vagrant n’a rien à piloter ici (${inside.split('; ').map(inFrench).join(' ; ')})`,
      ),
  },
  {
    said: /^the box (\S+) for (\S+) is not here/,
    text: (box, engine) =>
      t(`the box ${box} for ${engine} is not here`, `la box ${box} pour ${engine} n’est pas là`),
    fix: () => ({
      say: t(
        'Build it (npm run box:build, then box:add), or add one: vms/box/README.md.',
        'Construisez-la (npm run box:build, puis box:add), ou ajoutez-en une : vms/box/README.md.',
      ),
    }),
  },
  {
    said: /^VBoxManage is not here/,
    text: t('VBoxManage is not here', 'VBoxManage n’est pas là'),
  },
  {
    said: /^VBoxManage does not work/,
    text: t('VBoxManage does not work', 'VBoxManage ne fonctionne pas'),
  },
  {
    said: /^the kit does not drive VirtualBox yet/,
    text: t('the kit does not drive VirtualBox yet', 'le kit ne pilote pas encore VirtualBox'),
  },
  {
    said: /^(\S+) exists only on Linux/,
    text: engine => t(`${engine} exists only on Linux`, `${engine} n’existe que sous Linux`),
  },
  {
    said: /^(\S+) machines get a network of their own, which takes root/,
    text: engine =>
      t(
        `${engine} machines get a network of their own, which takes root`,
        `les machines ${engine} ont un réseau à elles, ce qui demande root`,
      ),
  },
  {
    said: /^of what (\S+) needs, (.+) (?:is|are) missing/,
    text: (engine, tools) =>
      t(
        `of what ${engine} needs, ${tools} is missing`,
        `de ce qu’il faut à ${engine}, il manque ${tools}`,
      ),
    fix: facts => {
      const { missingPackages } = facts.tools;
      return installFix(facts, [
        ...new Set([...(missingPackages?.lxc ?? []), ...(missingPackages?.libvirt ?? [])]),
      ]);
    },
  },
];

/** `libvirt: of what …` */
function inFrench(part: string): string {
  const [, engine = '', said = ''] = /^(\w+): (.*)$/s.exec(part) ?? [];
  const found = findPhrase(VAGRANT, said);
  return found === undefined ? part : `${engine} : ${found.text.fr}`;
}

/** Beside `ready`: whose engine, and why it is slow. */
export const NOTES: readonly Phrase[] = [
  { said: /^as root$/, text: t('as root', 'en tant que root') },
  {
    said: /^through an unprivileged user namespace$/,
    text: t(
      'through an unprivileged user namespace',
      'par un espace de noms utilisateur, sans privilèges',
    ),
  },
  {
    said: /^an engine of the kit's own$/,
    text: t('an engine of the kit’s own', 'un moteur propre au kit'),
  },
  { said: /^libvirt with KVM$/, text: t('libvirt with KVM', 'libvirt avec KVM') },
  {
    said: /^libvirt, emulated: (.+)$/s,
    text: why => t(`libvirt, emulated: ${why}`, `libvirt, émulé : ${emulatedBecause(why)}`),
  },
];

const NO_KVM: readonly Phrase[] = [
  {
    said: /^\/dev\/kvm is missing or not for this user$/,
    text: t('', '/dev/kvm manque ou n’est pas pour cet utilisateur'),
  },
  {
    said: /^KVM is PVM here, in which a stock kernel does not boot$/,
    text: t('', 'KVM est ici PVM, où un noyau ordinaire ne démarre pas'),
  },
  {
    said: /^the processor offers no virtualisation/,
    text: t('', 'le processeur n’offre pas de virtualisation (vmx ou svm)'),
  },
];

function emulatedBecause(why = ''): string {
  return findPhrase(NO_KVM, why)?.text.fr ?? why;
}
