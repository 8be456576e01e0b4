/** Free ports, and the wait until a peer really passes on what the backend says. */
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import type { CrewMember } from './crew.ts';

/** The Host of every request of the bench. */
export const HOST = 'bench.test';

/** Loading 10,000 clusters takes a while. */
const DEADLINE_MS = 60_000;

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(
      server =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.once('listening', () => resolve((server.address() as AddressInfo).port));
        }),
    ),
  );
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}

/** Rejects with the member's last words when it ends or answers otherwise until the deadline. */
export async function answersWith(
  member: CrewMember,
  port: number,
  path: string,
  body: string,
): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    const answer = await ask(port, path).catch((error: Error) => error.message);
    if (answer === body) return;
    if (!member.isRunning()) throw new Error(`it ended: ${member.words()}`);
    if (performance.now() > end) {
      throw new Error(`it does not pass on the backend's answer: ${answer.slice(0, 200)}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** Resolves when the member has said this. */
export async function says(member: CrewMember, words: string): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  while (!member.words().includes(words)) {
    if (!member.isRunning()) throw new Error(`${member.name} ended: ${member.words()}`);
    if (performance.now() > end) {
      throw new Error(`${member.name} never said "${words}": ${member.words()}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

function ask(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      ...{ host: '127.0.0.1', port, path },
      ...{ headers: { host: HOST }, agent: false, timeout: 2_000 },
    };
    const request = get(options, response => {
      let text = '';
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 2 s')));
    request.on('error', reject);
  });
}
