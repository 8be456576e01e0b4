/**
 * A learner's front with no lab behind it: shows a view, and as a notice what was asked for last.
 * `skip` throws what nobody catches, `undo` shows five hundred views in one go.
 */
import { t } from '../../../labs/harness/text.ts';
import type { LearnRequest, LearnView } from '../../../labs/learn/learn-view.ts';
import type { LearnerFront } from '../../../labs/learn/learner-front.ts';
import { frontFor } from '../../../labs/learn/open-front.ts';
import { atWork, predicting } from './screen/sample-views.ts';

const { env, stdin, stdout, argv } = process;
let view: LearnView = argv.includes('predicting') ? predicting : atWork;

function told(request: LearnRequest): LearnView {
  const text = JSON.stringify(request);
  return { ...view, notices: [t(text, text)] };
}

const facts = {
  language: 'en',
  colour: !env['NO_COLOR'],
  plain: argv.includes('plain'),
  env,
} as const;
const front: LearnerFront = frontFor(
  { input: stdin, output: stdout },
  facts,
)(request => {
  if (request.kind === 'quit') return leave('quit');
  if (request.kind === 'skip') throw new Error('nobody catches this');
  if (request.kind === 'why') view = { ...view, panel: { kind: 'why', lines: ['line one'] } };
  if (request.kind === 'reset') {
    view = { ...view, panel: { kind: 'question', ask: t('Begin again?', 'Recommencer ?') } };
  }
  if (['yes', 'no', 'close'].includes(request.kind)) view = { ...view, panel: undefined };
  if (request.kind === 'language') view = { ...view, language: 'fr' };
  if (request.kind === 'undo') {
    for (let total = 1; total <= 500; total += 1) {
      front.show({ ...view, requests: { total, failed: 0 } });
    }
    return;
  }
  front.show(told(request));
});
// Somebody has to keep it alive, as machines do in a lab.
const alive = setInterval(() => {}, 1_000);

function leave(why: string): void {
  front.close();
  clearInterval(alive);
  stdout.write(`left by ${why}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => leave(signal));
front.progress(t('Starting webapp1', 'Démarrage de webapp1'));
setTimeout(() => front.show(view), 300);
