/** However the bytes of a connection are cut into reads, everybody gets the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Listener } from '../../../proxy/command/requests.ts';
import { clientFacts } from '../../../proxy/http1/forwarded.ts';
import { ListenerRules } from '../../../proxy/net/listener/listener-rules.ts';
import { ClientSession } from '../../../proxy/net/session/client-session.ts';
import { TimerWheel } from '../../../proxy/net/socket/timer-wheel.ts';
import type { Wire } from '../../../proxy/net/socket/wire.ts';
import type { Dial, WireUser } from '../../../proxy/net/upstream/dialer.ts';
import { DataPlane } from '../../../proxy/worker/data-plane.ts';
import { readRequests } from '../../conformance/http1/strict-reader.ts';

const LISTENER: Listener = {
  address: '127.0.0.1:80',
  protocol: 'http',
  answers: {},
  frontTimeoutMs: 1000,
  backTimeoutMs: 1000,
  connectTimeoutMs: 1000,
  requestTimeoutMs: 1000,
  tryDeadlineMs: 1000,
  maxConnections: 10,
};

/** Takes everything at once and keeps it. */
class MemoryWire implements Wire {
  readonly writableLength = 0;
  written = '';
  ended = '';
  private readonly onText: (text: string) => void;

  constructor(onText: (text: string) => void = () => {}) {
    this.onText = onText;
  }

  write(bytes: Buffer | string): boolean {
    const text = typeof bytes === 'string' ? bytes : bytes.toString('latin1');
    this.written += text;
    this.onText(text);
    return true;
  }

  pause(): void {}

  resume(): void {}

  end(): void {
    this.ended ||= 'in order';
  }

  destroy(): void {
    this.ended ||= 'closed';
  }

  resetAndDestroy(): void {
    this.ended ||= 'reset';
  }
}

/** One request at a time is all that a backend's connection carries. */
const ANSWERS = [
  'HTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\ntwo\r\n0\r\nT: u\r\n\r\n',
  'HTTP/1.1 404 No\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
];
const SWITCH = 'HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nand more';

interface Outcome {
  readonly client: string;
  readonly end: string;
  readonly backend: string;
}

/** What client and backend have received when all these reads have been made, on both sides. */
function outcome(bytes: Buffer, cuts: readonly number[], answerCuts: readonly number[]): Outcome {
  // Over all connections: a body that comes in pieces needs a fresh one, for it cannot be sent again.
  let sent = '';
  const backends: { wire: MemoryWire; user: WireUser; asked: number }[] = [];
  const dial: Dial = (_, user) => {
    const wire = new MemoryWire(text => {
      sent += text;
    });
    backends.push({ wire, user, asked: 0 });
    return wire;
  };
  const timers = new TimerWheel(() => 1);
  const plane = new DataPlane({ workerId: 0, emit: () => {}, random: () => 0.5, timers, dial });
  plane.apply({ kind: 'add-listener', listener: LISTENER });
  plane.apply({
    kind: 'add-cluster',
    cluster: { id: 'web', loadBalancing: 'round-robin', answers: {} },
  });
  plane.apply({
    kind: 'add-frontend',
    frontend: { listener: LISTENER.address, hostname: 'web', path: '', clusterId: 'web' },
  });
  plane.apply({
    kind: 'add-backend',
    backend: { clusterId: 'web', backendId: 'b', address: '127.0.0.1:1' },
  });
  const wire = new MemoryWire();
  const facts = clientFacts('127.0.0.9', 9, '127.0.0.1', 80);
  const session = new ClientSession(plane, new ListenerRules(LISTENER), wire, facts, () => {});
  let connected = 0;
  const answer = (): void => {
    for (; connected < backends.length; connected++) backends[connected]?.user.onConnect();
    for (const backend of backends) {
      const { messages, rest } = readRequests(backend.wire.written.slice(backend.asked));
      const [message] = messages;
      if (message === undefined) continue;
      const switches = message.fields.some(([name]) => name === 'upgrade');
      // What comes behind an upgrade is of another protocol, and nothing to read.
      backend.asked = switches
        ? Number.POSITIVE_INFINITY
        : backend.wire.written.length - rest.length;
      const text = switches ? SWITCH : (ANSWERS[message.target.length % ANSWERS.length] ?? '');
      inPieces(Buffer.from(text), answerCuts, piece => backend.user.onBytes(piece, piece.length));
    }
  };
  inPieces(bytes, cuts, piece => {
    session.onBytes(piece, piece.length);
    for (let round = 0; round < 6; round++) answer();
  });
  for (let round = 0; round < 6; round++) answer();
  const result = {
    client: wire.written,
    end: wire.ended,
    backend: sent,
  };
  session.close();
  plane.stop();
  return result;
}

function inPieces(bytes: Buffer, cuts: readonly number[], use: (piece: Buffer) => void): void {
  const ends = [...new Set(cuts.filter(cut => cut > 0 && cut < bytes.length)), bytes.length];
  let start = 0;
  for (const end of ends.sort((a, b) => a - b)) {
    // Bytes are lent: what is not copied is gone after the call.
    const lent = Buffer.from(bytes.subarray(start, end));
    use(lent);
    lent.fill(0x3f);
    start = end;
  }
}

const request = fc.constantFrom(
  'GET /a HTTP/1.1\r\nHost: web\r\nX: y\r\n\r\n',
  '\r\nGET /b?c HTTP/1.1\r\nHost: web\r\nConnection: X\r\nX: y\r\n\r\n',
  'PUT /c HTTP/1.1\r\nHost: web\r\nContent-Length: 5\r\n\r\nhello',
  'POST /d HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nT: u\r\n\r\n',
  'GET http://web/e HTTP/1.1\r\nHost: other\r\nAccept: application/json\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: web\r\nMax-Forwards: 0\r\n\r\n',
  'GET /g HTTP/1.1\r\nHost: web\r\nConnection: upgrade\r\nUpgrade: Echo\r\n\r\nand so on',
  'GET / HTTP/1.1\r\nHost: nowhere\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: web\r\nHost: web\r\n\r\n',
  'POST /f HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
);

describe('any split', () => {
  it('of requests and answers gives the same result', () => {
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(300), { maxLength: 12 }),
        fc.array(fc.nat(90), { maxLength: 6 }),
        (requests, cuts, answerCuts) => {
          const bytes = Buffer.from(requests.join(''), 'latin1');
          const split = outcome(bytes, cuts, answerCuts);
          const once = outcome(bytes, [], []);
          assert.equal(split.client, once.client);
          assert.equal(split.end, once.end);
          // A body that proves to be malformed may have begun to arrive: that is all that differs.
          if (requests.some(text => text.includes('zz'))) {
            assert.ok(split.backend.startsWith(once.backend));
          } else assert.equal(split.backend, once.backend);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('tells a difference when there is one', () => {
    const bytes = Buffer.from('GET /a HTTP/1.1\r\nHost: web\r\n\r\n');
    const other = Buffer.from('GET /a HTTP/1.1\r\nHost: nowhere\r\n\r\n');
    assert.notEqual(outcome(bytes, [], []).client, outcome(other, [], []).client);
    assert.match(outcome(bytes, [5], [9]).client, /^HTTP\/1\.1 (?:103|200|404) /);
  });
});
