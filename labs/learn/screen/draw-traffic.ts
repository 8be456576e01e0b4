/** The proxy, the latest requests as a ribbon, and how many of all failed. */
import { count } from '../../harness/figures.ts';
import { t } from '../../harness/text.ts';
import type { LearnView, RibbonMark } from '../learn-view.ts';
import { type Brush, say } from './brush.ts';
import { cut, twoSides, width } from './cells.ts';
import { machineMark, outcomeMarks, versionLetter } from './marks.ts';

export function proxyLine(view: LearnView, brush: Brush): string {
  return twoSides(proxyState(view, brush), requestCount(view, brush), brush.columns);
}

function proxyState({ proxy }: LearnView, brush: Brush): string {
  const { ink } = brush;
  if (!proxy.answers) {
    return `${ink.bad('▲')} ${ink.bad(say(brush, t('the proxy does not answer', 'le proxy ne répond pas')))}`;
  }
  const workers = proxy.workerPids.join(', ');
  return `${ink.good('●')} proxy ${ink.quiet(`${proxy.mainPid ?? '?'} [${workers}]`)}`;
}

export function requestCount({ requests }: LearnView, brush: Brush): string {
  const { total, failed } = requests;
  const [all, lost] = [count(total), count(failed)];
  const failures = t(`${lost.en} failed`, `${lost.fr} en échec`);
  const asked = t(`${all.en} requests`, `${all.fr} requêtes`);
  const ink = failed === 0 ? brush.ink.good : brush.ink.bad;
  return `${say(brush, asked)} · ${ink(say(brush, failures))}`;
}

/** The newest at the right end; what does not fit has gone out at the left. */
export function ribbon({ ribbon: marks }: LearnView, brush: Brush): readonly string[] {
  const shown: string[] = [];
  let used = 0;
  for (const mark of [...marks].reverse()) {
    const drawn = ribbonMark(mark, brush);
    used += width(drawn) + (shown.length === 0 ? 0 : 1);
    if (used > brush.columns) break;
    shown.unshift(drawn);
  }
  return shown.length === 0 ? [] : [shown.join(' ')];
}

function ribbonMark({ outcome, machine, version }: RibbonMark, { ink }: Brush): string {
  const who = `${versionLetter(version)}${machineMark(machine)}`;
  const shape = outcomeMarks[outcome];
  if (outcome === 'answered') return ink.version(version)(`${shape}${who}`);
  return `${(outcome === 'slow' ? ink.careful : ink.bad)(shape)}${ink.version(version)(who)}`;
}

export function ribbonLegend(brush: Brush): string {
  const words = [
    [outcomeMarks.answered, t('answered', 'servie')],
    [outcomeMarks.slow, t('waited', 'a attendu')],
    [outcomeMarks.error, t('error page', 'page d’erreur')],
    [outcomeMarks.lost, t('lost', 'perdue')],
  ] as const;
  const marks = words.map(([mark, text]) => `${mark} ${say(brush, text)}`).join('  ');
  const letter = say(brush, t('A1: version 1, machine 1', 'A1 : version 1, machine 1'));
  return cut(`${marks}  ${letter}`, brush.columns);
}
