/** The file and what runs: back to the file, then the same changes by the file. */
import type { Check, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';
import { sameProcesses, samGets404, samSeesTheShop, type Words } from './words.ts';

export function backToTheFile({ proxy, expect }: Words): Step {
  return {
    id: 'back-to-the-file',
    title: t('The file knows nothing of it', 'Le fichier n’en sait rien'),
    minutes: 3,
    say: t(
      'All of this lives in the running proxy; relais.toml is as it was. Look at the plan first: `relais reload --dry-run` marks what the file adds (+), changes (~), and what it does not have, but leaves (=). With `--prune` that goes (-). Make what runs what the file says.',
      'Tout cela vit dans le proxy qui tourne ; relais.toml est resté tel quel. Regardez d’abord le plan : `relais reload --dry-run` marque ce que le fichier ajoute (+), ce qu’il change (~), et ce qu’il n’a pas mais qu’il laisse (=). Avec `--prune`, cela s’en va (-). Faites de ce qui tourne ce que dit le fichier.',
    ),
    predict: {
      ask: t(
        'What becomes of the changes that you made by command?',
        'Que deviennent les changements que vous avez faits par commande ?',
      ),
      choices: [
        {
          id: 'kept',
          text: t(
            'They stay: the proxy remembers what it was told',
            'Ils restent : le proxy se souvient de ce qu’on lui a dit',
          ),
          trueWhen: expect.backend('webapp3', {}),
        },
        {
          id: 'undone',
          text: t(
            'They are undone, all at once, under the eyes of the visitors',
            'Ils sont défaits, tous à la fois, sous les yeux des visiteurs',
          ),
          trueWhen: expect.backends('webapp1', 'webapp2'),
        },
      ],
    },
    act: [
      proxy.relais(['reload', '--dry-run'], { replayed: false }),
      proxy.relais(['reload', '--prune'], { replayed: 'starts-over' }),
    ],
    check: [asTheFileHasIt(expect), evenShares(expect), samGets404(expect), sameProcesses(expect)],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t(
        'The plan says “kept” where the file has nothing to say.',
        'Le plan dit « kept » là où le fichier n’a rien à dire.',
      ),
      t(
        '`relais help reload` has three options; `relais diff` says when nothing differs any more.',
        '`relais help reload` a trois options ; `relais diff` dit quand il n’y a plus de différence.',
      ),
    ],
    mistakes: [
      {
        id: 'without-prune',
        act: [proxy.relais(['reload'])],
        diagnosis: { check: 'as-the-file-has-it', because: 0 },
      },
    ],
    recap: t(
      'A change by command is quick, and lasts until the next reload or start. What shall stay belongs in the file.',
      'Un changement par commande est rapide, et dure jusqu’au prochain rechargement ou démarrage. Ce qui doit rester a sa place dans le fichier.',
    ),
  };
}

function asTheFileHasIt(expect: Words['expect']): Check {
  return {
    id: 'as-the-file-has-it',
    claim: t(
      'The proxy has webapp1 and webapp2, as the file says',
      'Le proxy a webapp1 et webapp2, comme le dit le fichier',
    ),
    probe: expect.backends('webapp1', 'webapp2'),
    window: { within: '10s' },
    because: [
      {
        when: expect.backend('webapp3', {}),
        say: t(
          'webapp3 is still there: a reload keeps what the file does not have, unless you say `--prune`.',
          'webapp3 est encore là : un rechargement garde ce que le fichier n’a pas, sauf avec `--prune`.',
        ),
      },
    ],
  };
}

function evenShares(expect: Words['expect']): Check {
  return {
    id: 'even-shares',
    claim: t('Both have the same share again', 'Les deux ont à nouveau la même part'),
    probe: expect.share({ machine: 'webapp1' }, { percent: 50, tolerance: 10, requests: 60 }),
    window: { within: '20s' },
  };
}

export function byTheFile({ proxy, shell, addressOf, expect }: Words): Step {
  const [old, young, door] = [addressOf('webapp2'), addressOf('webapp3'), addressOf('proxy')];
  return {
    id: 'by-the-file',
    title: t('The same by the file', 'La même chose par le fichier'),
    minutes: 3,
    say: t(
      'Now write it down. In relais.toml, webapp1 gets `weight = 300`, the line of webapp2 becomes one of webapp3, and the cluster shop comes at the end. Use any editor; look at the plan; then reload: all of it happens, or nothing.',
      'Maintenant, écrivez-le. Dans relais.toml, webapp1 reçoit `weight = 300`, la ligne de webapp2 devient celle de webapp3, et le cluster shop vient à la fin. Prenez l’éditeur que vous voulez ; regardez le plan ; puis rechargez : tout se fait, ou rien.',
    ),
    act: [
      shell([`sed -i.bak 's/"webapp1" }/"webapp1", weight = 300 }/' relais.toml`]),
      shell([
        "sed -i.bak 's/",
        old,
        '", backend_id = "webapp2"/',
        young,
        '", backend_id = "webapp3"/',
        "' relais.toml",
      ]),
      shell([
        "printf '%s\\n' '' '[clusters.shop]' 'protocol = \"http\"' ",
        '\'frontends = [{ address = "',
        door,
        '", hostname = "shop.localhost" }]\' ',
        '\'backends = [{ address = "',
        addressOf('shop'),
        '", backend_id = "shop" }]\' >> relais.toml',
      ]),
      proxy.relais(['reload', '--prune', '--dry-run'], { replayed: false }),
      proxy.relais(['reload', '--prune']),
    ],
    check: [
      listByFile(expect),
      heavyByFile(expect),
      samSeesTheShop(expect),
      fileAgrees(expect),
      sameProcesses(expect),
    ],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t(
        'Three places in the file; then the proxy has to read it.',
        'Trois endroits dans le fichier ; ensuite, il faut que le proxy le lise.',
      ),
      t(
        'The cluster webapp of the file is the model for the one of the shop. `relais config check` reads the file without touching anything.',
        'Le cluster webapp du fichier sert de modèle à celui de la boutique. `relais config check` lit le fichier sans toucher à rien.',
      ),
    ],
    mistakes: [
      {
        id: 'edited-and-not-told',
        act: [shell([`sed -i.bak 's/"webapp1" }/"webapp1", weight = 300 }/' relais.toml`])],
        diagnosis: { check: 'file-says-so', because: 0 },
      },
      {
        id: 'only-by-command',
        act: [proxy.weight('webapp1', 300)],
        diagnosis: { check: 'file-says-so', because: 0 },
      },
    ],
    recap: t(
      'By command for now, by the file for good; either way nobody waits and nothing restarts. The plan before the leap is free.',
      'Par commande pour l’instant, par le fichier pour de bon ; dans les deux cas, personne n’attend et rien ne redémarre. Le plan avant le saut ne coûte rien.',
    ),
  };
}

function listByFile(expect: Words['expect']): Check {
  return {
    id: 'in-the-list',
    claim: t(
      'The proxy has webapp1, webapp3 and the shop',
      'Le proxy a webapp1, webapp3 et la boutique',
    ),
    probe: expect.backends('shop', 'webapp1', 'webapp3'),
    window: { within: '10s' },
    because: [
      {
        when: expect.file('something-else'),
        say: t(
          'The file says something else than what runs: `relais diff`. Has it been reloaded?',
          'Le fichier dit autre chose que ce qui tourne : `relais diff`. A-t-il été rechargé ?',
        ),
      },
      {
        when: expect.backend('webapp2', {}),
        say: t(
          'webapp2 is still there, in the file or in what runs.',
          'webapp2 est encore là, dans le fichier ou dans ce qui tourne.',
        ),
      },
    ],
  };
}

function heavyByFile(expect: Words['expect']): Check {
  return {
    id: 'heavy',
    claim: t('webapp1 weighs 300', 'webapp1 pèse 300'),
    probe: expect.backend('webapp1', { weight: 300 }),
    window: { within: '10s' },
  };
}

function fileAgrees(expect: Words['expect']): Check {
  return {
    id: 'file-says-so',
    claim: t('The file says what runs', 'Le fichier dit ce qui tourne'),
    probe: expect.file('what-runs'),
    window: { within: '10s' },
    because: [
      {
        when: expect.file('something-else'),
        say: t(
          'The file and what runs differ: `relais diff` shows where. The file is edited first, then reloaded.',
          'Le fichier et ce qui tourne diffèrent : `relais diff` montre où. On modifie le fichier, puis on le recharge.',
        ),
      },
    ],
  };
}
