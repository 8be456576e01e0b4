/** The command line in the test's own process: everything but the start of a program. */
import { run, type Surroundings } from '../../proxy/cli/program.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function runInProcess(
  first: string | Partial<Surroundings>,
  ...more: readonly string[]
): Promise<Said> {
  let [out, err] = ['', ''];
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const given = typeof first === 'string' ? {} : first;
  const words = typeof first === 'string' ? [first, ...more] : more;
  const base = { terminal, version: '1.2.3', inheritedSockets: 0, program: '', environment: {} };
  const code = await run(words, { ...base, ...given });
  return { code, out, err };
}
