/** What the doctor says about one thing: what was found, what that means, and what to do. */
import { type Text, t } from '../harness/text.ts';
import type { Facts } from './facts.ts';

/**
 * `limited`: labs run, with something less. `missing`: labs cannot run like this. `optional`: not
 * there or not working, and no lab needs it here. `untried`: there, and only a costly trial would
 * tell more. `told`: neither good nor bad, but useful to know.
 */
export type FindingState = 'ready' | 'limited' | 'missing' | 'optional' | 'untried' | 'told';

export interface Finding {
  /** Stable, in dotted words: `machines.netns`, `port.9090`. */
  readonly id: string;
  readonly what: Text;
  readonly state: FindingState;
  readonly found: Text;
  readonly why?: Text;
  readonly fix?: Fix;
  /** What works all the same. */
  readonly without?: Text;
}

export interface Fix {
  /** One line to type. */
  readonly command?: string;
  /** What to do, where no line does it, or a remark about the line. */
  readonly say?: Text;
  /** What `--fix` can do itself, when it is asked to. */
  readonly deed?: Deed;
}

export type Deed =
  | { readonly kind: 'packages'; readonly packages: readonly string[] }
  | { readonly kind: 'sweep'; readonly instance: number };

/** The same in both languages. */
export function same(text: string): Text {
  return t(text, text);
}

/** A line that only root may type. */
export function asRoot({ computer }: Facts, line: string): string {
  return computer.isRoot || !computer.hasSudo ? line : `sudo ${line}`;
}

/** The kit installs Debian packages, as root; elsewhere their names are only a hint. */
export function installFix(facts: Facts, packages: readonly string[]): Fix {
  const { linux, computer } = facts;
  const names = packages.join(' ');
  if (linux === undefined || !isDebian(linux.distribution)) {
    return {
      say: t(
        `Install it with your system’s package manager (Debian calls it ${names}).`,
        `Installez-le avec le gestionnaire de paquets du système (chez Debian : ${names}).`,
      ),
    };
  }
  const command = asRoot(facts, `apt-get install --no-install-recommends ${names}`);
  return computer.isRoot ? { command, deed: { kind: 'packages', packages } } : { command };
}

function isDebian({ id, like }: NonNullable<Facts['linux']>['distribution']): boolean {
  return ['debian', 'ubuntu'].some(name => id === name || like.split(' ').includes(name));
}

/** Seconds with as many digits as matter. */
export function seconds(ms: number): Text {
  const text = ms < 10_000 ? (ms / 1_000).toFixed(2) : (ms / 1_000).toFixed(0);
  return t(`${text} s`, `${text.replace('.', ',')} s`);
}
