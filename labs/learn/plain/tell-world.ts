/** What became of machines, proxy and requests since the last look, in sentences. Pure. */
import { count } from '../../harness/figures.ts';
import { t } from '../../harness/text.ts';
import type { BackendTile, LearnView, MachineTile } from '../learn-view.ts';
import type { Tell } from './tell-step.ts';

export function tellWorld(before: LearnView, view: LearnView, tell: Tell): readonly string[] {
  return [
    ...view.machines.flatMap(machine => {
      const old = before.machines.find(({ name }) => name === machine.name);
      return old === undefined ? [tellMachine(machine, tell)] : changes(old, machine, tell);
    }),
    ...proxyChange(before, view, tell),
    ...failures(before, view, tell),
  ];
}

export function tellMachine(
  { name, state, failures: verbs, version }: MachineTile,
  tell: Tell,
): string {
  const words = verbs.filter(verb => verb !== 'power-off').join(', ');
  const trouble = words === '' ? '' : `, ${words}`;
  switch (state) {
    case 'running':
      return tell(t(`${name} runs ${version}${trouble}`, `${name} exécute ${version}${trouble}`));
    case 'poweroff':
      return tell(t(`${name} is off`, `${name} est éteinte`));
    case 'not-created':
      return tell(t(`${name} is not there`, `${name} n’est pas là`));
  }
}

function changes(old: MachineTile, now: MachineTile, tell: Tell): readonly string[] {
  const own = ({ state, failures: verbs, version }: MachineTile): string =>
    [state, version, ...verbs].join(' ');
  return [
    ...(own(old) === own(now) ? [] : [tellMachine(now, tell)]),
    ...backendChange(now.name, old.backend, now.backend, tell),
  ];
}

function backendChange(
  name: string,
  old: BackendTile | undefined,
  now: BackendTile | undefined,
  tell: Tell,
): readonly string[] {
  if (now === undefined) {
    const gone = t(`The proxy no longer knows ${name}`, `Le proxy ne connaît plus ${name}`);
    return old === undefined ? [] : [tell(gone)];
  }
  if (old === undefined) return [tell(t(`The proxy knows ${name}`, `Le proxy connaît ${name}`))];
  return [
    ...(old.breaker === now.breaker ? [] : [tell(breaker(name, now))]),
    ...(old.admin === now.admin
      ? []
      : [tell(t(`${name}: ${now.admin}`, `${name} : ${now.admin}`))]),
    ...(old.weight === now.weight
      ? []
      : [
          tell(
            t(`The weight of ${name} is ${now.weight}`, `Le poids de ${name} est ${now.weight}`),
          ),
        ]),
    ...(old.healthy === now.healthy ? [] : [tell(health(name, now))]),
  ];
}

function breaker(name: string, { breaker: state }: BackendTile) {
  switch (state) {
    case 'closed':
      return t(`The breaker of ${name} is closed`, `Le disjoncteur de ${name} est fermé`);
    case 'open':
      return t(`The breaker of ${name} is open`, `Le disjoncteur de ${name} est ouvert`);
    case 'half-open':
      return t(`The proxy gives ${name} a trial`, `Le proxy met ${name} à l’essai`);
  }
}

function health(name: string, { healthy }: BackendTile) {
  return healthy
    ? t(`${name} is healthy`, `${name} est en bonne santé`)
    : t(`${name} is unhealthy`, `${name} est malade`);
}

function proxyChange(before: LearnView, view: LearnView, tell: Tell): readonly string[] {
  const [old, now] = [before.proxy, view.proxy];
  if (old.answers !== now.answers) {
    return now.answers
      ? [tell(t('The proxy answers', 'Le proxy répond'))]
      : [tell(t('The proxy does not answer', 'Le proxy ne répond pas'))];
  }
  if (old.mainPid === now.mainPid) return [];
  const pid = String(now.mainPid ?? '?');
  return [
    tell(
      t(`The main process of the proxy is ${pid}`, `Le processus principal du proxy est ${pid}`),
    ),
  ];
}

/** The first failed request, then whenever their number has doubled: enough to know, no flood. */
function failures(before: LearnView, view: LearnView, tell: Tell): readonly string[] {
  const [old, now] = [before.requests.failed, view.requests.failed];
  if (now <= old || (old > 0 && Math.floor(Math.log2(old)) === Math.floor(Math.log2(now))))
    return [];
  const [failed, total] = [count(now), count(view.requests.total)];
  return [
    tell(
      t(
        `Failed so far: ${failed.en} of ${total.en} requests`,
        `En échec jusqu’ici : ${failed.fr} requêtes sur ${total.fr}`,
      ),
    ),
  ];
}
