/** A name server on the loopback that knows what the test tells it (RFC 1035 §4, one question). */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';

/** NXDOMAIN, SERVFAIL, no answer at all, or addresses of both families. */
export type Zone = 'unknown' | 'broken' | 'silent' | readonly string[];

const A = 1;
const AAAA = 28;
const RESPONSE_CODE = { unknown: 3, broken: 2 };

export class DnsServer {
  readonly names: Map<string, { readonly zone: Zone; readonly ttl: number }> = new Map();
  /** Names that were asked for, once for each question. */
  readonly questions: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (query, peer) => {
      const answer = this.#answer(query);
      if (answer !== undefined) socket.send(answer, peer.port, peer.address);
    });
  }

  static async start(): Promise<DnsServer> {
    const socket = createSocket('udp4');
    await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve));
    return new DnsServer(socket);
  }

  /** As `Resolver.setServers` wants it. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  set(name: string, zone: Zone, ttl = 60): void {
    this.names.set(name, { zone, ttl });
  }

  async close(): Promise<void> {
    await new Promise<void>(resolve => this.#socket.close(resolve));
  }

  #answer(query: Buffer): Buffer | undefined {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const type = query.readUInt16BE(at + 1);
    const name = labels.join('.');
    this.questions.push(name);
    const { zone, ttl } = this.names.get(name) ?? { zone: 'unknown', ttl: 0 };
    if (zone === 'silent') return undefined;
    const question = query.subarray(12, at + 5);
    if (typeof zone === 'string') return reply(query, question, RESPONSE_CODE[zone], []);
    const family = zone.filter(address => isIPv4(address) === (type === A));
    const known = type === A || type === AAAA ? family : [];
    return reply(
      query,
      question,
      0,
      known.map(address => record(type, ttl, address)),
    );
  }
}

function reply(query: Buffer, question: Buffer, code: number, records: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(query.readUInt16BE(0), 0);
  // A response, with recursion desired and available.
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, question, ...records]);
}

/** The name is the one of the question, which begins behind the head. */
function record(type: number, ttl: number, address: string): Buffer {
  const data = bytesOf(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** IPv6 in the one spelling that tests use: `::` and one group behind it. */
function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(Number.parseInt(address.slice(2), 16), 14);
  return bytes;
}
