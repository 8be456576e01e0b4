/** The command line in the test's own process: everything but the start of a program. */
import { run } from '../../proxy/cli/program.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function runInProcess(...words: readonly string[]): Promise<Said> {
  let [out, err] = ['', ''];
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await run(words, {
    terminal,
    version: '1.2.3',
    inheritedSockets: 0,
    environment: {},
  });
  return { code, out, err };
}
