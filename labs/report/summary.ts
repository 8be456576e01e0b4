/** The outcome as a short Markdown page, for a chat, a merge request or a CI summary. */

import { count, duration } from '../harness/figures.ts';
import type { CheckResult, RunResult, StepResult } from '../harness/result.ts';
import { type Language, type Text, t } from '../harness/text.ts';
import { verdictSigns, verdictWords } from './html/words.ts';

/** In the language of the run. */
export function renderSummary(result: RunResult): string {
  const { language, title, verdict } = result;
  const sign = verdictSigns[verdict.kind];
  return [
    `# ${sign} ${inline(title[language])}`,
    '',
    `**${inline(verdictWords[verdict.kind][language])}**: ${inline(verdict.because)}`,
    '',
    facts(result),
    '',
    ...result.steps.flatMap((step, index) => stepLines(step, index + 1, result)),
    `[report.html](report.html) · [result.json](result.json) · [history.ndjson](history.ndjson)`,
    '',
  ].join('\n');
}

function facts(result: RunResult): string {
  const { language, lab, provider, requests, durationMs, environment, startedAt } = result;
  const [total, failed] = [count(requests.total)[language], count(requests.failed)[language]];
  const words: Text = t(
    `${total} requests, ${failed} failed`,
    `${total} requêtes, ${failed} en échec`,
  );
  const parts = [
    `\`${lab}\``,
    provider,
    startedAt,
    duration(durationMs)[language],
    words[language],
    `relais ${environment.relais}`,
    `Node.js ${environment.node}`,
  ];
  return parts.join(' · ');
}

function stepLines(step: StepResult, number: number, { language, lab }: RunResult): string[] {
  const head = columns[language];
  return [
    `## ${number}. ${inline(step.title[language])}`,
    '',
    `| | ${head.join(' | ')} |`,
    '|---|---|---|---|',
    ...step.checks.map(check => row(check, `${lab}.${step.id}.${check.id}`, language)),
    '',
  ];
}

const columns: Readonly<Record<Language, readonly string[]>> = {
  en: ['claim', 'because', 'case'],
  fr: ['affirmation', 'parce que', 'cas'],
};

function row({ claim, verdict }: CheckResult, id: string, language: Language): string {
  const cells = [
    verdictSigns[verdict.kind],
    cell(claim[language]),
    cell(verdict.because),
    `\`${id}\``,
  ];
  return `| ${cells.join(' | ')} |`;
}

function cell(text: string): string {
  return inline(text).replaceAll('|', '\\|');
}

/** One line, without markup of its own but `code`. */
function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\<>*_[\]]/g, '\\$&');
}
