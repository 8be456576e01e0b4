/** Messages of the command socket: never an exception, and what is understood is understood again. */
import { isDeepStrictEqual } from 'node:util';
import { decodeEnvelope } from '../../../proxy/command/decode.ts';
import { encodeFrame, FrameSplitter } from '../../../proxy/command/frames.ts';
import type { Random } from '../random.ts';
import { latin1, type Outcome, type Target, Violation } from '../target.ts';

const listener = {
  address: '127.0.0.1:80',
  protocol: 'http',
  answers: { 503: { status: 503, reason: 'No', fields: [['X', 'y']], body: 'b', keepAlive: true } },
  frontTimeoutMs: 1,
  backTimeoutMs: 2,
  connectTimeoutMs: 3,
  requestTimeoutMs: 4,
  tryDeadlineMs: 5,
  maxConnections: 6,
};
const backend = { clusterId: 'web', backendId: 'web-1', address: '127.0.0.1:81' };
const frontend = { listener: '127.0.0.1:80', hostname: 'web', path: '', clusterId: 'web' };
const messages: readonly object[] = [
  { id: 1, kind: 'add-listener', listener },
  {
    id: 'a',
    kind: 'add-cluster',
    cluster: { id: 'web', loadBalancing: 'round-robin', answers: {} },
  },
  { kind: 'remove-cluster', clusterId: 'web' },
  { kind: 'add-frontend', frontend },
  { kind: 'remove-frontend', frontend: { ...frontend, clusterId: null } },
  { kind: 'add-backend', backend },
  { kind: 'remove-backend', ...backend },
  { kind: 'configure', settings: { maxConnections: 5 } },
  {
    kind: 'transaction',
    requests: [
      { kind: 'add-backend', backend },
      { kind: 'remove-cluster', clusterId: 'web' },
    ],
  },
  { id: 2, dryRun: true, kind: 'add-backend', backend },
  {
    id: 'ID-1',
    version: 0,
    type: 'PROXY',
    data: { type: 'ADD_INSTANCE', data: { app_id: 'web', ip_address: '::1', port: 81 } },
  },
  { kind: 'status' },
  { kind: 'list-backends', clusterId: 'web' },
  { kind: 'dump-state' },
  { kind: 'soft-stop' },
];

export const control: Target = {
  name: 'control',
  seeds: messages.map(message => Buffer.from(encodeFrame(message))),
  dictionary: latin1([
    '\n',
    '\0',
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\u0000',
    '\\ud800',
    'null',
    'true',
    '-1',
    '1e999',
    '9007199254740993',
    '"__proto__":',
    '"constructor":',
    '"id":',
    '"kind":"status"',
    '"answers":{}',
    '"weight":',
    '"backup":true',
    '\xc3\xa9',
    '\xff',
  ]),
  check,
};

function check(bytes: Buffer, random: Random): Outcome {
  const frames = inPieces(bytes, [bytes.length]);
  const cuts = Array.from({ length: 4 }, () => random.below(bytes.length + 1));
  const again = inPieces(bytes, [...cuts.sort((a, b) => a - b), bytes.length]);
  if (!isDeepStrictEqual(frames, again)) throw new Violation('other messages in other pieces');
  return { signature: frames.map(kindOf).slice(0, 2).join('; ') };
}

function inPieces(bytes: Buffer, ends: readonly number[]): string[] {
  const splitter = new FrameSplitter();
  let start = 0;
  return ends.flatMap(end => {
    const result = splitter.push(Buffer.from(bytes.subarray(start, end)));
    start = end;
    if (!result.ok) throw new Violation(result.error.message);
    return result.value.map(frame => frame.toString('latin1'));
  });
}

/** How a message is understood: its kind, or the shape of the reason why not. */
function kindOf(frame: string): string {
  const { id, request } = decodeEnvelope(Buffer.from(frame, 'latin1'));
  if (!request.ok) return request.error.message.replace(/[^a-z .]/gi, '').slice(0, 30);
  const again = decodeEnvelope(Buffer.from(encodeFrame({ ...request.value, id: id ?? 0 })));
  if (!again.request.ok || !isDeepStrictEqual(again.request.value, request.value)) {
    throw new Violation('understood in another way the second time');
  }
  return request.value.kind;
}
