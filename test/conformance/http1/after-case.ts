/** Ordinary requests behind a case, and what tells their answers from others. */
import { message } from './case.ts';
import { Conversation } from './conversation.ts';
import type { Message } from './strict-reader.ts';
import type { Subject } from './subject.ts';

/** On the connection of the case. */
export const PROBE = '/probe';
/** On a connection of its own. */
export const AFTER = '/after';

/** Another client, which may get a used upstream connection. Undefined when it is served well. */
export async function askAfter({ port, patienceMs }: Subject): Promise<string | undefined> {
  const client = await Conversation.open(port, patienceMs);
  try {
    client.methods.push('GET');
    const fields = ['Host: web', 'Connection: close'];
    await client.send(message(`GET ${AFTER} HTTP/1.1`, fields), 'whole');
    await client.answered(1);
    const [answer] = client.finals();
    if (answer === undefined) return `the next client got ${shown(client.received)}`;
    if (mark(answer) === `GET ${AFTER} 0`) return undefined;
    return `the next client got the answer ${answer.status} to ${mark(answer)}`;
  } finally {
    client.close();
  }
}

/** Which request this is the answer to, as the witness says. */
export function mark({ fields }: Message): string {
  return fields.find(([name]) => name === 'x-seen')?.[1] ?? 'by the proxy';
}

export function shown(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(text.slice(0, 120));
}
