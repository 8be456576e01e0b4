/** What is done to a machine of a lab, in the words of `docker`. */
import type { FailureVerb } from '../machine.ts';
import type { Deed, NativeWords } from '../native-words.ts';

/** `host`: the engine, as `docker --host` takes it. */
export function dockerWords(host: string, containerOf: (machine: string) => string): NativeWords {
  return {
    program: { name: 'docker', argv: ['docker', '--host', host], env: {} },
    line: (deed, machine, failures) => dockerLine(deed, containerOf(machine), failures),
  };
}

/** A container that is started by hand has no app yet: that the kit alone starts. */
export function dockerLine(
  deed: Deed,
  container: string,
  failures: readonly FailureVerb[],
): string | undefined {
  switch (deed) {
    case 'power-off':
      return `docker kill ${container}`;
    case 'crash':
      return `docker exec ${container} pkill -KILL node`;
    case 'freeze':
      return `docker pause ${container}`;
    case 'heal':
      return failures.at(-1) === 'freeze' ? `docker unpause ${container}` : undefined;
    case 'up':
    case 'blackhole':
    case 'slow':
    case 'error':
      return undefined;
  }
}
