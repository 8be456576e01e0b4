/** The colours of the screen. None of them says anything that a letter or a shape does not say, too. */
import { Chalk } from 'chalk';

type Paint = (text: string) => string;

export interface Ink {
  readonly title: Paint;
  readonly quiet: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly careful: Paint;
  readonly command: Paint;
  readonly key: Paint;
  /** The colour of a version of the site, as its pages wear it. */
  version(version: string | undefined): Paint;
}

export function createInk(colour: boolean): Ink {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  const versions = new Map<string, Paint>([
    ['v1', chalk.blueBright],
    ['v2', chalk.yellowBright],
    ['v3', chalk.magentaBright],
  ]);
  return {
    title: chalk.bold,
    quiet: chalk.dim,
    good: chalk.green,
    bad: chalk.redBright,
    careful: chalk.yellow,
    command: chalk.cyan,
    key: chalk.bold.cyan,
    version: version => versions.get(version ?? '') ?? chalk.white,
  };
}
