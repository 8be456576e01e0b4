/** Asks the learner which lab, where none was named. */
import { catalogue } from '../catalogue/catalogue.ts';
import { type Language, type Text, t } from '../harness/text.ts';
import { type Progress, type ProgressRead, standingOf } from '../learn/progress.ts';
import { type Chosen, openWelcome } from '../learn/welcome/open-welcome.ts';
import type { Session } from './session.ts';

export function chooseLab(
  session: Session,
  language: Language,
  { progress, setAside }: ProgressRead,
): Promise<Chosen> {
  const { streams, terminal, env, signal, flags } = session;
  const facts = { colour: terminal.colour, env, signal, plain: flags.plain ?? false };
  return openWelcome(streams, facts, {
    language,
    labs: catalogue.map(lab => {
      const { id, title, summary, minutes } = lab;
      return { id, title, summary, minutes, standing: standingOf(lab, progress) };
    }),
    chosen: nextLab(progress),
    typed: '',
    notice: setAside === undefined ? undefined : setAsideNotice(setAside),
  });
}

/** The one that was learned last until it is done, then the one behind it. Counted from 0. */
function nextLab(progress: Progress): number {
  const last = catalogue.findIndex(({ id }) => id === progress.last);
  const lab = catalogue[last];
  if (lab === undefined) return 0;
  return standingOf(lab, progress).mark === '✓' ? (last + 1) % catalogue.length : last;
}

export function setAsideNotice(file: string): Text {
  return t(
    `The kept progress could not be read; it was moved to ${file}.`,
    `La progression gardée est illisible ; elle a été déplacée vers ${file}.`,
  );
}
