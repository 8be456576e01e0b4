/** People who come at the same time and stay: each holds a connection, and asks once. */
import { connect, type Socket } from 'node:net';

export interface CrowdRequest {
  readonly url: URL;
  /** The address that all of them have, as a proxy in front would tell it. */
  readonly from: string;
}

export interface CrowdReport {
  /** Were answered, and hold their connection. */
  readonly inside: number;
  /** Have no answer yet. */
  readonly waiting: number;
  /** Were answered 429 and left, since the crowd was given its size. */
  readonly turnedAway: number;
  /** Were answered something else, or lost their connection, since then. */
  readonly lost: number;
}

export class Crowd {
  readonly #request: CrowdRequest;
  readonly #members = new Map<Socket, 'waiting' | 'inside'>();
  readonly #onLeft: () => void;
  #turnedAway = 0;
  #lost = 0;

  /** `onLeft`: somebody who was told something, or cut off, has left. */
  constructor(request: CrowdRequest, onLeft: () => void) {
    this.#request = request;
    this.#onLeft = onLeft;
  }

  /** Whoever is too many leaves; whoever lacks comes, also in place of those who were turned away. */
  resize(people: number): void {
    [this.#turnedAway, this.#lost] = [0, 0];
    for (const member of [...this.#members.keys()].slice(people)) this.#leave(member);
    while (this.#members.size < people) this.#join();
  }

  report(): CrowdReport {
    const states = [...this.#members.values()];
    return {
      inside: states.filter(state => state === 'inside').length,
      waiting: states.filter(state => state === 'waiting').length,
      turnedAway: this.#turnedAway,
      lost: this.#lost,
    };
  }

  #join(): void {
    const { url, from } = this.#request;
    const member = connect({ host: '127.0.0.1', port: Number(url.port) });
    this.#members.set(member, 'waiting');
    member.setEncoding('latin1');
    member.on('connect', () => member.write(question(url, from)));
    member.on('data', (text: string) => this.#hear(member, text));
    member.on('error', () => member.destroy());
    member.on('end', () => member.destroy());
    member.on('close', () => {
      if (!this.#members.delete(member)) return;
      this.#lost += 1;
      this.#onLeft();
    });
  }

  #hear(member: Socket, text: string): void {
    if (this.#members.get(member) !== 'waiting') return;
    if (text.startsWith('HTTP/1.1 200 ')) {
      this.#members.set(member, 'inside');
      return;
    }
    if (text.startsWith('HTTP/1.1 429 ')) this.#turnedAway += 1;
    else this.#lost += 1;
    this.#leave(member);
    this.#onLeft();
  }

  #leave(member: Socket): void {
    this.#members.delete(member);
    member.destroy();
  }
}

function question({ host, pathname }: URL, from: string): string {
  const fields = [`Host: ${host}`, 'User-Agent: relais-crowd', `X-Forwarded-For: ${from}`];
  return `GET ${pathname} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`;
}
