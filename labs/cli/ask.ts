/** Asks a person at the terminal one question. */
import { createInterface } from 'node:readline/promises';
import type { Text } from '../harness/text.ts';
import type { Session } from './session.ts';

/** The answer, without blanks around it; empty when only Enter was pressed. */
export async function ask(session: Session, question: Text): Promise<string> {
  const { streams, signal } = session;
  const asking = createInterface({ input: streams.input, output: streams.output });
  try {
    return (await asking.question(session.say(question), { signal })).trim();
  } finally {
    asking.close();
  }
}
