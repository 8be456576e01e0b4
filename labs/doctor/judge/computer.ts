/** Memory, disk, and the kit's own folder. */
import { type Text, t } from '../../harness/text.ts';
import type { Facts } from '../facts.ts';
import { type Finding, same } from '../finding.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** Six machines, a proxy and a browser take about 700 MiB; without the browser 300. */
const MEMORY_FOR_ALL = GIB;
/** A run leaves some MiB, a browser's profile some dozens. */
const DISK_FOR_ALL = GIB;
const DISK_FOR_ANY = 100 * MIB;

export function judgeComputer(facts: Facts): readonly Finding[] {
  return [memory(facts), disk(facts), ...home(facts)];
}

function memory({ computer }: Facts): Finding {
  const { total, available } = computer.memory;
  const one = { id: 'memory', what: t('memory', 'mémoire') };
  const found = t(
    `${size(available).en} of ${size(total).en} free`,
    `${size(available).fr} libres sur ${size(total).fr}`,
  );
  if (available >= MEMORY_FOR_ALL) return { ...one, state: 'ready', found };
  return {
    ...one,
    state: 'limited',
    found,
    why: t(
      'A lab with a browser takes about 0.7 GiB; a computer that swaps answers late, and checks fail.',
      'Un lab avec navigateur prend environ 0,7 Gio ; un ordinateur qui pagine répond en retard, et des vérifications échouent.',
    ),
    fix: {
      say: t(
        'Close other programs, or leave the browser out: --no-browser.',
        'Fermez d’autres programmes, ou passez-vous du navigateur : --no-browser.',
      ),
    },
  };
}

function disk({ computer }: Facts): Finding {
  const { free } = computer.disk;
  const one = { id: 'disk', what: t('disk', 'disque') };
  if (free === undefined) {
    return { ...one, state: 'told', found: t('not known', 'inconnu') };
  }
  const found = t(`${size(free).en} free`, `${size(free).fr} libres`);
  if (free >= DISK_FOR_ALL) return { ...one, state: 'ready', found };
  return {
    ...one,
    state: free >= DISK_FOR_ANY ? 'limited' : 'missing',
    found,
    why: t(
      'Each run leaves its history, pictures and reports.',
      'Chaque exécution laisse son historique, ses images et ses rapports.',
    ),
    fix: {
      say: t(
        `Make room; runs that you no longer need are in ${computer.home.folder}/runs.`,
        `Faites de la place ; les exécutions devenues inutiles sont dans ${computer.home.folder}/runs.`,
      ),
    },
  };
}

function home({ computer }: Facts): readonly Finding[] {
  const { folder, problem } = computer.home;
  if (problem === undefined) return [];
  return [
    {
      id: 'home',
      what: t('folder', 'dossier'),
      state: 'missing',
      found: t(
        `${folder} cannot be written (${problem})`,
        `${folder} n’est pas accessible en écriture (${problem})`,
      ),
      why: t(
        'Runs and running labs are kept there. Did root run a lab before?',
        'Les exécutions et les labs en cours y sont gardés. Root a-t-il lancé un lab ici ?',
      ),
      fix: {
        say: t(
          'Give the folder to your user (chown), or name another one: LAB_HOME=FOLDER.',
          'Donnez le dossier à votre utilisateur (chown), ou nommez-en un autre : LAB_HOME=DOSSIER.',
        ),
      },
    },
  ];
}

function size(bytes: number): Text {
  if (bytes < GIB) {
    const amount = Math.round(bytes / MIB);
    return t(`${amount} MiB`, `${amount} Mio`);
  }
  const amount = (bytes / GIB).toFixed(1);
  return t(`${amount} GiB`, `${amount.replace('.', ',')} Gio`);
}

/** The system by name, and what is special about it. */
export function judgeSystem({ computer, linux, windows, mac }: Facts): Finding {
  const { platform, arch, release, isRoot } = computer;
  const name =
    linux?.distribution.name || { darwin: 'macOS', win32: 'Windows' }[platform as string];
  const special = [
    linux?.wsl !== undefined && same(`WSL ${linux.wsl}`),
    linux?.container !== undefined &&
      t(`in a container (${linux.container})`, `dans un conteneur (${linux.container})`),
    mac && !mac.manyAddresses && t('only 127.0.0.1', '127.0.0.1 seulement'),
    windows?.hypervisor && t('on a hypervisor', 'sur un hyperviseur'),
    isRoot ? t('as root', 'en tant que root') : t('as a normal user', 'en utilisateur ordinaire'),
  ].filter(note => typeof note === 'object');
  const told = (language: 'en' | 'fr'): string =>
    [`${name ?? platform} ${release} ${arch}`, ...special.map(note => note[language])].join(', ');
  return {
    id: 'system',
    what: t('system', 'système'),
    state: 'told',
    found: t(told('en'), told('fr')),
  };
}
