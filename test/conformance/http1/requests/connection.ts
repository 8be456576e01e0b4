/** RFC 9110 §7.6.1, §7.8 and §10.1.1: what concerns this hop alone, Expect and Upgrade. */
import {
  type Arrival,
  arrival,
  type CaseGroup,
  forwards,
  get,
  HOST,
  message,
  post,
  type RequestCase,
  refuses,
  SECOND,
  SECOND_ARRIVES,
  SMUGGLED,
} from '../case.ts';

const HOP = 'RFC 9110 §7.6.1';
const POST = arrival('POST', 'hello');

function without(...names: string[]): Arrival {
  return arrival('GET', '', Object.fromEntries(names.map(name => [name, null])));
}

const named: readonly RequestCase[] = [
  forwards(
    'a field that Connection names',
    HOP,
    get(['Connection: X-A', 'X-A: b', 'X-B: c']),
    arrival('GET', '', { 'x-a': null, 'x-b': 'c' }),
  ),
  forwards(
    'a field that Connection names before in other letters',
    HOP,
    get(['X-A: b', 'connection: keep-alive, x-a']),
    without('x-a'),
  ),
  forwards(
    'all fields of that name',
    HOP,
    get(['X-A: b', 'Connection: X-A', 'x-a: c']),
    without('x-a'),
  ),
  forwards(
    'fields that two Connection lines name',
    HOP,
    get(['Connection: X-A', 'X-A: b', 'Connection: X-B', 'X-B: c']),
    without('x-a', 'x-b'),
  ),
  forwards(
    'a list with empty elements',
    HOP,
    get(['Connection: ,, X-A ,\t, close-not', 'X-A: b']),
    without('x-a'),
  ),
  forwards(
    'Connection names Host',
    HOP,
    get(['Connection: Host']),
    arrival('GET', '', { host: 'web' }),
  ),
  forwards(
    'Connection names Content-Length',
    HOP,
    post(['Connection: Content-Length', 'Content-Length: 5'], 'hello'),
    POST,
  ),
  forwards(
    'Connection names Transfer-Encoding',
    HOP,
    post(
      ['Connection: Transfer-Encoding', 'Transfer-Encoding: chunked'],
      '5\r\nhello\r\n0\r\n\r\n',
    ),
    POST,
  ),
  forwards(
    'Connection names everything',
    HOP,
    post(['Connection: close, Host, Content-Length, Connection', 'Content-Length: 5'], 'hello'),
    POST,
  ),
  forwards(
    'Connection names X-Forwarded-For',
    HOP,
    get(['Connection: X-Forwarded-For', 'X-Forwarded-For: 9.9.9.9']),
    arrival('GET', '', { 'x-forwarded-for': '127.0.0.1' }),
  ),
  forwards(
    'Connection names what is not there',
    HOP,
    get(['Connection: X-Nothing']),
    arrival('GET'),
  ),
  forwards('Connection without a value', HOP, get(['Connection:']), arrival('GET')),
  ...['Keep-Alive: timeout=5', 'Proxy-Connection: keep-alive', 'TE: trailers', 'Upgrade: h2c'].map(
    line =>
      forwards(
        `${line}, named`,
        HOP,
        get([`Connection: ${line.split(':')[0]}`, line]),
        without((line.split(':')[0] ?? '').toLowerCase()),
      ),
  ),
  ...['Keep-Alive: timeout=5', 'Proxy-Connection: keep-alive', 'TE: gzip'].map(line =>
    forwards(
      `${line}, not named`,
      HOP,
      get([line]),
      without((line.split(':')[0] ?? '').toLowerCase()),
    ),
  ),
];

const PERSIST = 'RFC 9112 §9.3';
const persistence: readonly RequestCase[] = [
  ...['close', 'Close', 'CLOSE', 'keep-alive, close', 'close, keep-alive', 'X-A, close'].map(
    value =>
      forwards(
        `behind Connection: ${value} nothing is read`,
        'RFC 9112 §9.6',
        get([`Connection: ${value}`], SMUGGLED),
        arrival('GET'),
      ),
  ),
  forwards(
    'behind two Connection lines, one of them close, nothing is read',
    'RFC 9112 §9.6',
    get(['Connection: keep-alive', 'Connection: close'], SMUGGLED),
    arrival('GET'),
  ),
  ...['closed', 'not-close', 'xclose', 'close;x'].map(value =>
    forwards(`Connection: ${value} does not close`, HOP, get([`Connection: ${value}`], SECOND), [
      arrival('GET'),
      SECOND_ARRIVES,
    ]),
  ),
  forwards(
    'HTTP/1.0 closes',
    PERSIST,
    message('GET /case HTTP/1.0', [HOST], SMUGGLED),
    arrival('GET'),
  ),
  forwards(
    'HTTP/1.0 with keep-alive stays',
    PERSIST,
    message(
      'GET /case HTTP/1.0',
      [HOST, 'Connection: keep-alive'],
      message('GET /second HTTP/1.0', [HOST]),
    ),
    [arrival('GET'), SECOND_ARRIVES],
  ),
  forwards(
    'HTTP/1.0 with keep-alive and close closes',
    PERSIST,
    message('GET /case HTTP/1.0', [HOST, 'Connection: keep-alive, close'], SMUGGLED),
    arrival('GET'),
  ),
];

const EXPECT = 'RFC 9110 §10.1.1';
const expectation: readonly RequestCase[] = [
  forwards(
    'the body comes when 100 has come',
    EXPECT,
    post(['Expect: 100-continue', 'Content-Length: 5']),
    POST,
    { afterContinue: 'hello' },
  ),
  forwards(
    'the chunks come when 100 has come',
    EXPECT,
    post(['Expect: 100-Continue', 'Transfer-Encoding: chunked']),
    POST,
    { afterContinue: '5\r\nhello\r\n0\r\n\r\n' },
  ),
  forwards(
    'the body does not wait for 100',
    EXPECT,
    post(['Expect: 100-continue', 'Content-Length: 5'], 'hello'),
    POST,
  ),
  forwards('100-continue and no body', EXPECT, get(['Expect: 100-continue'], SECOND), [
    arrival('GET'),
    SECOND_ARRIVES,
  ]),
  forwards(
    '100-continue and an empty body',
    EXPECT,
    post(['Expect: 100-continue', 'Content-Length: 0'], SECOND),
    [arrival('POST'), SECOND_ARRIVES],
  ),
  forwards(
    '100-continue in HTTP/1.0 is ignored',
    EXPECT,
    message('POST /case HTTP/1.0', [HOST, 'Expect: 100-continue', 'Content-Length: 5'], 'hello'),
    arrival('POST', 'hello', { expect: null }),
  ),
  refuses(
    '100-continue with both framings',
    EXPECT,
    post(['Expect: 100-continue', 'Content-Length: 5', 'Transfer-Encoding: chunked'], SMUGGLED),
    { lenient: [] },
  ),
];

const UPGRADE = 'RFC 9110 §7.8';
const websocket = [
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
const h2c = ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'];
const upgrades: readonly RequestCase[] = [
  forwards(
    'h2c',
    UPGRADE,
    get(['Connection: Upgrade, HTTP2-Settings', ...h2c]),
    without('upgrade', 'http2-settings'),
  ),
  forwards(
    'h2c in capitals',
    UPGRADE,
    get(['Connection: UPGRADE, HTTP2-Settings', 'Upgrade: H2C']),
    without('upgrade'),
  ),
  forwards('h2c that Connection does not name', UPGRADE, get(h2c), without('upgrade')),
  forwards(
    'h2c behind websocket',
    UPGRADE,
    get(['Connection: Upgrade', 'Upgrade: websocket, h2c']),
    arrival('GET', '', { upgrade: /^(?:websocket)?$/ }),
  ),
  forwards(
    'h2c, then another request',
    UPGRADE,
    get(['Connection: Upgrade, HTTP2-Settings', ...h2c], SECOND),
    [arrival('GET'), SECOND_ARRIVES],
  ),
  forwards(
    'an unknown protocol',
    UPGRADE,
    get(['Connection: Upgrade', 'Upgrade: foo/2']),
    arrival('GET'),
  ),
  forwards('a WebSocket that is not named', UPGRADE, get(websocket), without('upgrade')),
  // What comes behind may be meant in the other protocol: it is never taken for a request.
  forwards(
    'a WebSocket that is answered with 200, then another request',
    UPGRADE,
    get(['Connection: Upgrade', ...websocket], SECOND),
    arrival('GET'),
  ),
  forwards(
    'a WebSocket of another version, then another request',
    UPGRADE,
    get(['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 777'], SECOND),
    arrival('GET'),
  ),
  forwards(
    'an upgrade with a body',
    UPGRADE,
    post(['Connection: Upgrade', 'Upgrade: foo', 'Content-Length: 5'], 'hello'),
    POST,
  ),
  forwards(
    'an upgrade in HTTP/1.0 is ignored',
    UPGRADE,
    message('GET /case HTTP/1.0', [HOST, 'Connection: Upgrade', ...websocket], SMUGGLED),
    without('upgrade'),
  ),
];

export const hopByHop: CaseGroup<RequestCase> = {
  category: 'Connection',
  cases: [...named, ...persistence],
};
export const expectAndUpgrade: CaseGroup<RequestCase> = {
  category: 'Expect and Upgrade',
  cases: [...expectation, ...upgrades],
};
