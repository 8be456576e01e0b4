/** Which logs the probes of a lab look into: those are followed while it runs, and no others. */
import type { Lab } from './lab.ts';
import type { Probe } from './probes.ts';
import { probesOfLab } from './probes-of-lab.ts';

export function logSources(lab: Lab): readonly string[] {
  return [...new Set(probesOfLab(lab).flatMap(sourcesOf))];
}

function sourcesOf(probe: Probe): readonly string[] {
  switch (probe.kind) {
    case 'logged':
    case 'not-logged':
    case 'log-took':
      return [probe.source];
    case 'traced':
      return probe.sources;
    default:
      return [];
  }
}
