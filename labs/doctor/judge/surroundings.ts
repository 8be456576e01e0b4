/** Ports, names, terminal, left-overs, and the ways to the outside. */
import { t } from '../../harness/text.ts';
import { SMALLEST } from '../../learn/screen/draw-screen.ts';
import type { Facts, LeftOver, PortFact } from '../facts.ts';
import { type Finding, same } from '../finding.ts';

export function judgePorts({ instance: { instance, labRuns, ports } }: Facts): readonly Finding[] {
  const one = { id: 'ports', what: t('ports', 'ports') };
  if (labRuns) {
    const found = t(
      `a lab runs on instance ${instance}`,
      `un lab tourne sur l’instance ${instance}`,
    );
    return [{ ...one, state: 'limited', found, fix: { command: `lab clean${beside(instance)}` } }];
  }
  const taken = ports.filter(({ free }) => !free);
  if (taken.length > 0) return taken.map(portTaken);
  const list = ports.map(({ port }) => port).join(', ');
  return [{ ...one, state: 'ready', found: t(`free: ${list}`, `libres : ${list}`) }];
}

function portTaken({ port, holder }: PortFact): Finding {
  const who = holder && `${holder.name} (pid ${holder.pid})`;
  const foreign = holder !== undefined && holder.lab === undefined;
  return {
    id: `port.${port}`,
    what: t(`port ${port}`, `port ${port}`),
    state: 'missing',
    found:
      who === undefined
        ? t('in use by another user’s process', 'occupé par un processus d’un autre utilisateur')
        : t(`in use by ${who}`, `occupé par ${who}`),
    why:
      holder?.lab === undefined
        ? t('The labs of this instance need it.', 'Les labs de cette instance en ont besoin.')
        : t(
            `It belongs to the lab in ${holder.lab}: end that one first.`,
            `Il appartient au lab dans ${holder.lab} : terminez d’abord celui-là.`,
          ),
    fix: {
      ...(foreign && { command: `kill ${holder.pid}` }),
      say: t('Or take other ports: --instance 1.', 'Ou prenez d’autres ports : --instance 1.'),
    },
  };
}

function beside(instance: number): string {
  return instance === 0 ? '' : ` --instance ${instance}`;
}

export function judgeNames({ names, computer }: Facts): Finding {
  const one = { id: 'names', what: t('names', 'noms') };
  if (!names.localhost.includes('127.0.0.1')) {
    const windows = computer.platform === 'win32';
    return {
      ...one,
      state: 'limited',
      found: t(
        'the file of hosts does not give 127.0.0.1 for localhost',
        'le fichier hosts ne donne pas 127.0.0.1 pour localhost',
      ),
      why: t(
        'The labs say http://localhost:9090; browsers find it all the same.',
        'Les labs disent http://localhost:9090 ; les navigateurs le trouvent tout de même.',
      ),
      fix: {
        say: t(
          `Add the line "127.0.0.1 localhost" to ${windows ? 'the file hosts of Windows' : '/etc/hosts'}.`,
          `Ajoutez la ligne « 127.0.0.1 localhost » à ${windows ? 'hosts, de Windows' : '/etc/hosts'}.`,
        ),
      },
    };
  }
  const found = names.subdomains
    ? t('localhost and *.localhost lead here', 'localhost et *.localhost mènent ici')
    : t(
        'localhost leads here; *.localhost in browsers only: curl needs -H "Host: shop.localhost"',
        'localhost mène ici ; *.localhost dans les navigateurs seulement : avec curl, -H "Host: shop.localhost"',
      );
  return { ...one, state: 'ready', found };
}

export function judgeTerminal({ terminal: { isTerminal, columns, utf8, kind } }: Facts): Finding {
  const one = { id: 'terminal', what: t('terminal', 'terminal') };
  if (!isTerminal) {
    return {
      ...one,
      state: 'told',
      found: t('none: plain sentences are printed', 'aucun : des phrases simples sont affichées'),
    };
  }
  const size = t(
    `${columns} columns${kind && `, ${kind}`}`,
    `${columns} colonnes${kind && `, ${kind}`}`,
  );
  if (columns < SMALLEST.columns) {
    const found = t(
      `${size.en}: too narrow for the screen of lab learn`,
      `${size.fr} : trop étroit pour l’écran de lab learn`,
    );
    const say = t('Widen it, or use --plain.', 'Élargissez-le, ou utilisez --plain.');
    return { ...one, state: 'limited', found, fix: { say } };
  }
  if (!utf8) {
    const found = t(
      `${size.en}, no UTF-8: ✔ and é may look wrong`,
      `${size.fr}, pas d’UTF-8 : ✔ et é risquent d’être abîmés`,
    );
    return { ...one, state: 'limited', found, fix: { command: 'export LC_ALL=C.UTF-8' } };
  }
  return { ...one, state: 'ready', found: t(`${size.en}, UTF-8`, `${size.fr}, UTF-8`) };
}

export function judgeLeftOvers({ leftOvers }: Facts): readonly Finding[] {
  return leftOvers.filter(one => one.owner === undefined && !one.onPurpose).map(leftOver);
}

function leftOver({ instance, things }: LeftOver): Finding {
  return {
    id: `left-over.${instance}`,
    what: t('left over', 'restes'),
    state: 'limited',
    found: t(
      `instance ${instance}, of a run that has died: ${things.join('; ')}`,
      `instance ${instance}, d’une exécution morte : ${things.join(' ; ')}`,
    ),
    why: t(
      'It holds ports and memory; the next lab there removes it.',
      'Cela tient des ports et de la mémoire ; le prochain lab le supprimera.',
    ),
    fix: { command: `lab clean --instance ${instance}`, deed: { kind: 'sweep', instance } },
  };
}

export function judgeOnline({ online = [] }: Facts): readonly Finding[] {
  return online.map(({ host, use, problem }) => ({
    id: `online.${use}.${host}`,
    what: t(`downloads: ${use}`, `téléchargements : ${use}`),
    state: problem === undefined ? 'ready' : 'optional',
    found:
      problem === undefined ? t(`${host} answers`, `${host} répond`) : same(`${host}: ${problem}`),
    ...(problem !== undefined && {
      without: t(
        'Labs need no network once the kit is installed.',
        'Une fois le kit installé, les labs se passent de réseau.',
      ),
    }),
  }));
}
