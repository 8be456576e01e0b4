/** The text of `lab doctor --bundle`: all that helps somebody else to help, and nothing private. */
import { type DoctorReport, doctorReport } from '../doctor-report.ts';
import type { Facts } from '../facts.ts';
import type { Judgement } from '../judge/judge.ts';
import { tellFindings } from '../tell-findings.ts';
import { type Owner, redactData, redactText } from './redact.ts';

/** The first words of every such file: a file that begins otherwise is somebody's own. */
export const TITLE = '# relais: report of lab doctor';

const COLUMNS = 100;

export interface BundleParts {
  readonly facts: Facts;
  readonly judgement: Judgement;
  readonly owner: Owner;
  readonly takenAt: Date;
  /** `summary.md` of the latest run, when there is one. */
  readonly latestRun: string | undefined;
}

export function bundleText({ facts, judgement, owner, takenAt, latestRun }: BundleParts): string {
  const report: DoctorReport = redactData(doctorReport(facts, judgement), owner);
  const { findings, machines, ready } = report;
  const told = tellFindings(
    { findings, ready, machines: machines ?? undefined },
    'en',
    COLUMNS,
  ).join('\n');
  const parts = [
    `${TITLE}\n\nVersion ${facts.kit}, ${takenAt.toISOString()}`,
    fenced(told),
    `## Variables that are set (values left out)\n\n${variables(owner.env)}`,
    ...(latestRun === undefined
      ? []
      : [`## The latest run\n\n${redactText(latestRun, owner).trim()}`]),
    `## Facts\n\n${fenced(JSON.stringify(report.facts, null, 1))}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

/** Those that change what the kit, or what it drives, does. */
const TELLING =
  /^(LAB_|RELAIS_|VAGRANT_|VBOX_|DOCKER_|LIBVIRT_|NODE_|npm_config_|https?_proxy|no_proxy|WSL_|CI$)/i;

function variables(env: Owner['env']): string {
  const names = Object.keys(env).filter(name => TELLING.test(name));
  return names.sort().join(', ') || 'none';
}
