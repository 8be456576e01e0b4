/** What is done to a machine of a lab, in the words of `vagrant`. */
import type { FailureVerb } from '../machine.ts';
import type { Deed, NativeProgram, NativeWords } from '../native-words.ts';
import { environment, type VagrantPlace } from './command-line.ts';

export function vagrantWords(place: VagrantPlace): NativeWords {
  return {
    // Made when it is asked for: what wraps it may be gone with the lab.
    get program(): NativeProgram {
      const { VAGRANT_NO_COLOR: _, ...env } = environment(place);
      return { name: 'vagrant', argv: place.wrap?.(['vagrant']) ?? ['vagrant'], env };
    },
    line: vagrantLine,
  };
}

/** Packets are swallowed, and answers spoilt, by means that Vagrant has no word for. */
export function vagrantLine(
  deed: Deed,
  machine: string,
  failures: readonly FailureVerb[],
): string | undefined {
  switch (deed) {
    case 'up':
      return `vagrant up ${machine}`;
    case 'power-off':
      return `vagrant halt --force ${machine}`;
    case 'crash':
      return onApp(machine, 'kill -s KILL');
    case 'freeze':
      return onApp(machine, 'kill -s STOP');
    case 'heal':
      return healLine(machine, failures.at(-1));
    case 'blackhole':
    case 'slow':
    case 'error':
      return undefined;
  }
}

function healLine(machine: string, failure: FailureVerb | undefined): string | undefined {
  if (failure === 'power-off') return vagrantLine('up', machine, []);
  if (failure === 'crash') return onApp(machine, 'start');
  if (failure === 'freeze') return onApp(machine, 'kill -s CONT');
  return undefined;
}

function onApp(machine: string, verb: string): string {
  return `vagrant ssh ${machine} -c "sudo systemctl ${verb} relais-app"`;
}
