/** What the step says, asks, has typed and checks. */
import { t } from '../../harness/text.ts';
import type { CheckView, LearnView, PredictionView } from '../learn-view.ts';
import { type Brush, say } from './brush.ts';
import { clean, cut, wrapped } from './cells.ts';
import { commandLines } from './command-lines.ts';
import { checkMarks } from './marks.ts';

export function stepTitle({ step }: LearnView, brush: Brush): readonly string[] {
  return [cut(brush.ink.title(`${step.number}  ${say(brush, step.title)}`), brush.columns)];
}

export function stepText({ step }: LearnView, brush: Brush): readonly string[] {
  return wrapped(say(brush, step.say), brush.columns);
}

export function predictionLines(
  prediction: PredictionView | undefined,
  brush: Brush,
): readonly string[] {
  if (prediction === undefined) return [];
  const { ask, choices, chosen, happened } = prediction;
  if (chosen === undefined)
    return [...question(say(brush, ask), brush), ...numbered(choices, brush)];
  const text = (id: string): string => {
    const choice = choices.find(each => each.id === id);
    return choice === undefined ? '–' : say(brush, choice.text);
  };
  const mine = t(`You said: ${text(chosen)}`, `Votre réponse : ${text(chosen)}`);
  if (happened === undefined) return question(say(brush, mine), brush);
  if (happened === chosen) {
    const right = t(`✔ You saw it coming: ${text(chosen)}`, `✔ Bien vu : ${text(chosen)}`);
    return wrapped(brush.ink.good(say(brush, right)), brush.columns, { first: '', rest: '  ' });
  }
  const other = t(`What happened: ${text(happened)}`, `Ce qui s’est passé : ${text(happened)}`);
  const surprise = brush.ink.careful(say(brush, other));
  return [
    ...question(say(brush, mine), brush),
    ...wrapped(surprise, brush.columns, { first: '! ', rest: '  ' }),
  ];
}

function question(text: string, { columns, ink }: Brush): readonly string[] {
  return wrapped(ink.title(text), columns, { first: '? ', rest: '  ' });
}

function numbered(choices: PredictionView['choices'], brush: Brush): readonly string[] {
  return choices.flatMap(({ text }, index) => {
    const first = `  ${brush.ink.key(String(index + 1))} `;
    return wrapped(say(brush, text), brush.columns, { first, rest: '    ' });
  });
}

/** Nothing is shown to type before the prediction is given. */
export function commandsToType({ step, shellCommand }: LearnView, brush: Brush): readonly string[] {
  const { commands, prediction } = step;
  if (prediction !== undefined && prediction.chosen === undefined) return [];
  if (commands.length === 0) {
    const watch = t('Nothing to type: watch.', 'Rien à taper : regardez.');
    return [cut(brush.ink.quiet(say(brush, watch)), brush.columns)];
  }
  const where = t(
    `Type in another terminal (opened with: ${shellCommand})`,
    `À taper dans un autre terminal (ouvert par : ${shellCommand})`,
  );
  return [
    ...wrapped(brush.ink.quiet(say(brush, where)), brush.columns),
    ...typedLines(commands, brush),
  ];
}

/** Without a prompt: it is another way, not one more thing to type. */
export function nativeLines({ step: { natives } }: LearnView, brush: Brush): readonly string[] {
  const or = say(brush, t('or', 'ou'));
  return natives.flatMap(line =>
    wrapped(brush.ink.quiet(clean(line)), brush.columns, { first: `  ${or} `, rest: '     ' }),
  );
}

/** The first `done` of them carry a mark in place of the prompt: they have been run already. */
export function typedLines(
  commands: readonly string[],
  { ink, columns }: Brush,
  done = 0,
): readonly string[] {
  return commands.flatMap((command, index) => {
    const lines = commandLines(command, columns);
    const [first = ''] = lines;
    const begun = index < done ? `${ink.good('✔')}${ink.command(first.slice(1))}` : undefined;
    return [begun ?? ink.command(first), ...lines.slice(1).map(line => ink.command(line))];
  });
}

/** With `reasons` the green ones tell theirs, too. */
export function checkLines(
  checks: readonly CheckView[],
  brush: Brush,
  reasons: 'all' | 'not-green' | 'none',
): readonly string[] {
  return checks.flatMap(check => {
    const told = reasons === 'all' || (reasons === 'not-green' && check.state !== 'green');
    return [
      ...claim(check, brush),
      ...(told ? reason(check, brush) : []),
      ...diagnosis(check, brush),
    ];
  });
}

function claim({ state, claim: text }: CheckView, brush: Brush): readonly string[] {
  const { ink, columns } = brush;
  const paint = { green: ink.good, holding: ink.careful, red: ink.bad, unknown: ink.quiet }[state];
  const first = `${paint(checkMarks[state])} `;
  return wrapped(say(brush, text), columns, { first, rest: '  ' });
}

function reason({ because }: CheckView, { ink, columns }: Brush): readonly string[] {
  if (because === '') return [];
  const indent = { first: '  ', rest: '  ' };
  return wrapped(ink.quiet(clean(because)), columns, indent);
}

function diagnosis(check: CheckView, brush: Brush): readonly string[] {
  if (check.diagnosis === undefined || check.state === 'green') return [];
  const indent = { first: `  ${brush.ink.careful('→')} `, rest: '    ' };
  return wrapped(brush.ink.careful(say(brush, check.diagnosis)), brush.columns, indent);
}

/** Kept ones in one line; a broken one is always told in full. */
export function promiseSummary(promises: readonly CheckView[], brush: Brush): readonly string[] {
  const broken = promises.filter(({ state }) => state === 'red');
  const kept = promises.length - broken.length;
  const text = t(`${kept} promises kept`, `promesses tenues : ${kept}`);
  const summary = kept === 0 ? [] : [cut(brush.ink.good(`✔ ${say(brush, text)}`), brush.columns)];
  return [...checkLines(broken, brush, 'not-green'), ...summary];
}

export function recapLines({ step }: LearnView, brush: Brush): readonly string[] {
  if (!step.done || step.recap === undefined) return [];
  return wrapped(say(brush, step.recap), brush.columns);
}
