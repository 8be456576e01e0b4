/** What this kernel can and cannot do, for whoever wonders why something is as it is. */
import { type Text, t } from '../../harness/text.ts';
import type { Facts, KvmFacts, LinuxFacts } from '../facts.ts';
import { type Finding, type Fix, same } from '../finding.ts';

export function judgeKernel(facts: Facts): readonly Finding[] {
  const { linux } = facts;
  if (linux === undefined) return [];
  return [
    kvm(linux.kvm, facts),
    { id: 'kernel.netem', what: same('netem'), state: 'told', found: netem[linux.netem] },
    { id: 'kernel.ipvs', what: same('ipvs'), state: 'told', found: ipvs[linux.ipvs] },
    resources(linux, facts),
    ...windowsDrive(linux),
  ];
}

function kvm({ device, processor, pvm }: KvmFacts, { computer }: Facts): Finding {
  const one = { id: 'kernel.kvm', what: same('kvm'), state: 'told' } as const;
  const slow = t('virtual machines are emulated: slow', 'machines virtuelles émulées : lent');
  const say = (en: string, fr: string): Text => t(`${en}; ${slow.en}`, `${fr} ; ${slow.fr}`);
  if (device === 'absent') return { ...one, found: say('absent', 'absent') };
  if (device === 'closed') {
    const fix: Fix = computer.hasSudo ? { command: 'sudo usermod -aG kvm $USER' } : {};
    return {
      ...one,
      found: say('this user may not open /dev/kvm', '/dev/kvm est fermé à cet utilisateur'),
      ...(fix.command !== undefined && { fix }),
    };
  }
  if (pvm) {
    return { ...one, found: say('opens but is emulated (PVM)', 's’ouvre, mais est émulé (PVM)') };
  }
  if (!processor) {
    return {
      ...one,
      found: say(
        'opens, but the processor has no vmx or svm',
        's’ouvre, mais le processeur n’a ni vmx ni svm',
      ),
    };
  }
  return { ...one, found: t('there', 'présent') };
}

const netem: Readonly<Record<LinuxFacts['netem'], Text>> = {
  there: t('there', 'présent'),
  missing: t(
    'missing: `slow` delays answers in the app, not packets',
    'absent : `slow` retarde les réponses dans l’application, pas les paquets',
  ),
  unknown: t('not known: it could not be tried', 'inconnu : impossible d’essayer'),
};

const ipvs: Readonly<Record<LinuxFacts['ipvs'], Text>> = {
  there: t('there', 'présent'),
  missing: t(
    'missing: a Docker swarm has no virtual addresses and no routing mesh',
    'absent : un swarm Docker n’a ni adresses virtuelles ni maillage de routage',
  ),
};

/** Only root misses it: nobody expects it of an ordinary user. */
function resources({ capabilities }: LinuxFacts, { computer }: Facts): Finding {
  const has = capabilities.includes('cap_sys_resource');
  const missing = computer.isRoot
    ? t(
        'missing: limits cannot be raised, some container engines refuse to start',
        'absent : les limites ne peuvent être relevées, des moteurs de conteneurs refusent de démarrer',
      )
    : t('missing, as for every ordinary user', 'absent, comme pour tout utilisateur ordinaire');
  return {
    id: 'kernel.cap_sys_resource',
    what: same('cap_sys_resource'),
    state: 'told',
    found: has ? t('there', 'présent') : missing,
  };
}

function windowsDrive({ onWindowsDrive }: LinuxFacts): readonly Finding[] {
  if (!onWindowsDrive) return [];
  return [
    {
      id: 'windows-drive',
      what: t('place of the kit', 'place du kit'),
      state: 'limited',
      found: t('on a drive of Windows', 'sur un disque de Windows'),
      why: t(
        'From WSL such a drive is slow, and changes of files are not noticed.',
        'Depuis WSL, un tel disque est lent, et les changements de fichiers passent inaperçus.',
      ),
      fix: {
        say: t(
          'Put the kit into your Linux home folder.',
          'Mettez le kit dans votre dossier personnel Linux.',
        ),
      },
    },
  ];
}
