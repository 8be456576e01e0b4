/** What a file changes, as text for people. Pure. */
import type { PlanContent } from '../command/change-plan.ts';

export function showPlan(content: PlanContent): string {
  const { lines, omitted, unchanged, restart, warnings, applied } = content;
  const shown = lines.map(({ sign, what, detail }) =>
    detail === undefined ? `  ${sign} ${what}` : `  ${sign} ${what}: ${detail}`,
  );
  if (omitted > 0) shown.push(`  … and ${omitted} more`);
  if (lines.length > 0) shown.push(`    ${unchanged} of the others are as the file has them`);
  shown.push(...restart.map(each => `  ! ${each}`));
  shown.push(...warnings.map(each => `warning: ${each}`));
  if (!applied && lines.length > 0) shown.push('nothing was changed: this was a dry run');
  return shown.map(line => `${line}\n`).join('');
}
