/** What of `npm run test:vagrant` is done. */
import { parseArgs } from 'node:util';

export const TESTED_ENGINES = ['lxc', 'libvirt'] as const;
export type TestedEngine = (typeof TESTED_ENGINES)[number];

export interface Parts {
  readonly engines: readonly TestedEngine[];
  /** Tools and boxes, no more. */
  readonly prepareOnly: boolean;
  /** Builds boxes again and again, to compare them and to disturb their building. */
  readonly boxes: boolean;
}

const usage = `npm run test:vagrant -- [--engine lxc|libvirt] [--prepare] [--boxes]

On a Debian, as root: installs what Vagrant with LXC and libvirt needs, builds and adds the boxes,
tries every promise of machines, and runs three labs with the browser. Prints how long each took.
  --engine NAME  only this one
  --prepare      tools and boxes only
  --boxes        also the building of boxes: are two alike, what when it is disturbed

Exit code 0: all passed. 1: something did not. 2: wrong usage. 4: not a Debian, or not root.
`;

/** Ends the program where it was asked for help, or asked wrongly. */
export function chooseParts(args: readonly string[]): Parts {
  const { engine, prepare, boxes, help } = valuesOf(args);
  if (help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const engines = TESTED_ENGINES.filter(name => engine === undefined || name === engine);
  if (engines.length === 0) refuse(`--engine ${engine}: lxc or libvirt.`);
  return { engines, prepareOnly: prepare, boxes };
}

function valuesOf(args: readonly string[]) {
  try {
    const options = {
      engine: { type: 'string' },
      prepare: { type: 'boolean', default: false },
      boxes: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return refuse(String(error instanceof Error ? error.message : error));
  }
}

function refuse(problem: string): never {
  process.stderr.write(`${problem}\n\n${usage}`);
  process.exit(2);
}
