/** Reads what `vagrant --machine-readable` prints: `time,machine,kind,data…`, one fact a line. */
import type { MachineState } from '../machine.ts';

export interface VagrantFact {
  /** Empty where Vagrant speaks of no machine. */
  readonly machine: string;
  /** 'state', 'provider-name', 'error-exit', 'box-name', … */
  readonly kind: string;
  readonly data: readonly string[];
}

export interface VagrantStatus {
  readonly machine: string;
  readonly state: MachineState;
  /** Vagrant's own word: running, poweroff, saved, aborted, paused, shutoff, stopped, frozen, … */
  readonly word: string;
}

/** Lines of another form, which plug-ins print between, are left out. */
export function parseMachineReadable(printed: string): readonly VagrantFact[] {
  return printed.split(/\r?\n/).flatMap(line => {
    const [time = '', machine = '', kind = '', ...data] = line.split(',');
    if (!/^\d+$/.test(time) || kind === '') return [];
    return [{ machine, kind, data: data.map(unescaped) }];
  });
}

function unescaped(text: string): string {
  return text.replaceAll('%!(VAGRANT_COMMA)', ',').replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}

/** What `vagrant status --machine-readable` says of each machine, in its order. */
export function parseStatus(printed: string): readonly VagrantStatus[] {
  const facts = parseMachineReadable(printed);
  const engines = new Map(
    facts.filter(({ kind }) => kind === 'provider-name').map(fact => [fact.machine, fact.data[0]]),
  );
  return facts
    .filter(({ kind, machine }) => kind === 'state' && machine !== '')
    .map(({ machine, data: [word = 'unknown'] }) => ({
      machine,
      word,
      state: stateOf(word, engines.get(machine)),
    }));
}

/** The message that Vagrant ended with, when it ended with one. */
export function parseErrorExit(printed: string): string | undefined {
  return parseMachineReadable(printed).find(({ kind }) => kind === 'error-exit')?.data[1];
}

const ON = new Set(['running', 'paused', 'frozen', 'starting', 'stopping', 'shutting_down']);

/** A machine that is paused or frozen keeps its memory and its place: it is on. A saved one is off. */
function stateOf(word: string, engine: string | undefined): MachineState {
  if (word === 'not_created') return 'not-created';
  // libvirt: it runs and has no address yet. VirtualBox: its files cannot be read.
  if (word === 'inaccessible') return engine === 'libvirt' ? 'running' : 'poweroff';
  return ON.has(word) ? 'running' : 'poweroff';
}
