/** Free ports, and the wait until a peer really passes on what the backend says. */
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import type { CrewMember } from './crew.ts';

const DEADLINE_MS = 10_000;

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
  host: string,
  body: string,
): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    const answer = await ask(port, host).catch((error: Error) => error.message);
    if (answer === body) return;
    if (!member.isRunning()) throw new Error(`it ended: ${member.words()}`);
    if (performance.now() > end) {
      throw new Error(`it does not pass on the backend's answer: ${answer.slice(0, 200)}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

function ask(port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, headers: { host }, agent: false, timeout: 2_000 };
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
