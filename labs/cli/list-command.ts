/** `lab list`: the labs, and how far the learner is in each. */
import { catalogue } from '../catalogue/catalogue.ts';
import { table, wrap } from '../harness/narrator/layout.ts';
import { type Text, t } from '../harness/text.ts';
import { type Progress, readProgress, standingOf, standingText } from '../learn/progress.ts';
import { EXIT } from './exit-codes.ts';
import type { Session } from './session.ts';

export function listCommand(session: Session): number {
  const { lang, json } = session.flags;
  const { progress, setAside } = readProgress(session.home);
  if (json) {
    session.json(
      catalogue.map(lab => {
        const { id, title, summary, minutes } = lab;
        return { id, title, summary, minutes, progress: standingOf(lab, progress) };
      }),
    );
    return EXIT.pass;
  }
  if (setAside !== undefined) session.print(session.say(tellSetAside(setAside)), '');
  for (const lab of catalogue) {
    const standing = standingText(standingOf(lab, progress));
    const cells = [standing.padEnd(6), lab.id.padEnd(17), lab.title[lang], `${lab.minutes} min`];
    const [line = ''] = table([cells]);
    session.print(line, ...wrap(lab.summary[lang], 76).map(text => `        ${text}`));
  }
  session.print('', session.say(legend(progress)));
  return EXIT.pass;
}

export function tellSetAside(file: string): Text {
  return t(
    `The file of your progress could not be read. It is kept as ${file}; a new one is begun.`,
    `Le fichier de votre progression est illisible. Il est gardé sous ${file} ; un nouveau commence.`,
  );
}

function legend({ last }: Progress): Text {
  const lab = last ?? 'load-balance';
  return t(
    `✓ done, ◐ begun, ○ not yet. Learn one by hand: lab learn ${lab}. Watch one: lab run ${lab}`,
    `✓ fait, ◐ commencé, ○ pas encore. En faire un à la main : lab learn ${lab}. En regarder un : lab run ${lab}`,
  );
}
