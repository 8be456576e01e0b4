/** RFC 9112 §3.2 and RFC 9110 §7.2: who is asked, and for what. */
import {
  type Arrival,
  arrival,
  byteName,
  type CaseGroup,
  forwards,
  HOST,
  message,
  type RequestCase,
  refuses,
} from '../case.ts';

const HOSTS = 'RFC 9112 §3.2';
const GET = arrival('GET');

function withHost(value: string): string {
  return message('GET /case HTTP/1.1', [`Host: ${value}`]);
}

const badHosts = [
  'a/b',
  'web/',
  'web?',
  'web#',
  'u@web',
  'u:p@web',
  '@web',
  'web@',
  'web web',
  'web\tweb',
  'web,web',
  'web, other',
  'web;x',
  'web:0',
  'web:65536',
  'web:99999999999999999999',
  'web:80x',
  'web:x',
  'web:-1',
  'web:+80',
  'web: 80',
  'web:80:80',
  'web::80',
  ':80',
  ':',
  'http://web',
  '//web',
  'web\\',
  'web\0',
  '\0web',
  'w\0eb',
  'web\v',
  'web\x7f',
  'w\xe9b',
  'web%00',
  'web%0d%0aX:y',
  'web%',
  'web%zz',
  '<web>',
  '"web"',
  'web|',
  'web^',
  'web`',
  '{web}',
  '[::1',
  '::1]',
  '[web]',
  '[]',
  '[::1]x',
  '[::1]:',
  '[::1%25eth0]',
  '[::g]',
];
/** Not wrong by the grammar, but nothing that is served under these. */
const others = new Set(['[::1]:', 'web%00', 'web%0d%0aX:y', 'web,web', 'web;x']);
const UNSERVED = { refused: [400, 404, 421] } as const;

const hosts: readonly RequestCase[] = [
  ...badHosts.map(value =>
    refuses(
      `the host ${byteName(value)}`,
      HOSTS,
      withHost(value),
      others.has(value) ? UNSERVED : {},
    ),
  ),
  refuses('an empty Host', HOSTS, withHost('')),
  refuses('no Host', HOSTS, message('GET /case HTTP/1.1', [])),
  refuses('no Host, but another field', HOSTS, message('GET /case HTTP/1.1', ['X: y'])),
  refuses('no Host with absolute form', HOSTS, message('GET http://web/case HTTP/1.1', [])),
  ...[
    [HOST, HOST],
    [HOST, 'Host: other'],
    ['Host: other', HOST],
    [HOST, 'X: y', 'host: web'],
    [HOST, 'Host:'],
    ['Host:', HOST],
    [HOST, HOST, HOST],
  ].map(fields =>
    refuses(`the fields ${fields.join(', ')}`, HOSTS, message('GET /case HTTP/1.1', fields)),
  ),
  refuses('two Hosts in HTTP/1.0', HOSTS, message('GET /case HTTP/1.0', [HOST, 'Host: other'])),
  ...['WEB', 'Web', 'web:80', 'web:', 'web:8080', 'web:65535', 'WeB:1'].map(value =>
    forwards(`the host ${value}`, HOSTS, withHost(value), GET),
  ),
];

const TARGET = 'RFC 9112 §3.2';
const badTargets = [
  'case',
  'case/x',
  './case',
  '../case',
  '?a',
  '#a',
  '/case#a',
  '/case#',
  'web/case',
  'web:80',
  'http:/web/case',
  'http:web/case',
  'http:///case',
  'http://',
  'http:// web/case',
  'http://u@web/case',
  'http://u:p@web/case',
  'http://@web/case',
  'http://web@other/case',
  'http://web:0/case',
  'http://web:65536/case',
  'http://web:x/case',
  'http://web:80:80/case',
  'http://[web]/case',
  'http://[::1/case',
  'http://web\\other/case',
  'http://web/case#a',
  'file:///case',
  'javascript:alert',
  'urn:web',
  'ht!tp://web/case',
  '*',
  '**',
  '*/case',
  '\\case',
  '"/case"',
  '</case>',
];

function arrives(method: string, target: string): Arrival {
  return { method, target, body: '', fields: { host: /^web(?::8[01])?$/i } };
}

const targets: readonly RequestCase[] = [
  ...badTargets.map(target =>
    refuses(`the target ${target}`, TARGET, message(`GET ${target} HTTP/1.1`, [HOST])),
  ),
  ...[
    '/',
    '//',
    '//case',
    '//other/case',
    '/../case',
    '/./case',
    '/a/../../case',
    '/%2e%2e/case',
    '/case%00',
    '/case%0d%0aX:%20y',
    '/case%20HTTP/1.1',
    '/case%',
    '/case%zz',
    '/case?',
    '/case?a=b&c=d',
    '/case?http://other/',
    '/case;a=b',
    '/http://other/case',
    '/case@other',
    '/case:80',
    '/*',
    "/!$&'()*+,;=:@-._~",
    '/case?a[]=b|c',
    '/%E2%82%AC',
  ].map(target =>
    forwards(
      `the target ${target} arrives as it is`,
      TARGET,
      message(`GET ${target} HTTP/1.1`, [HOST]),
      arrives('GET', target),
    ),
  ),
  ...[
    ['http://web/case', '/case'],
    ['http://web/case?a=b', '/case?a=b'],
    ['HTTP://web/case', '/case'],
    ['http://WEB/case', '/case'],
    ['http://web', '/'],
    ['http://web/', '/'],
    ['http://web?a', '/?a'],
    ['http://web//case', '//case'],
  ].map(([target = '', path = '']) =>
    forwards(
      `the absolute form ${target}`,
      'RFC 9112 §3.2.2',
      message(`GET ${target} HTTP/1.1`, [HOST]),
      arrives('GET', path),
    ),
  ),
  forwards(
    'the absolute form with a port',
    'RFC 9112 §3.2.2',
    message('GET http://web:80/case HTTP/1.1', ['Host: web:80']),
    arrives('GET', '/case'),
  ),
  // The authority of the target counts, whatever Host says.
  ...['http://other/case', 'http://web.other/case'].map(target =>
    refuses(
      `the absolute form ${target} with Host: web`,
      'RFC 9112 §3.2.2',
      message(`GET ${target} HTTP/1.1`, [HOST]),
      { refused: [404] },
    ),
  ),
  ...[
    ['http://web:81/case', HOST],
    ['http://web/case', 'Host: other'],
  ].map(([target = '', host = '']) =>
    forwards(
      `the absolute form ${target} with ${host}`,
      'RFC 9112 §3.2.2',
      message(`GET ${target} HTTP/1.1`, [host]),
      arrives('GET', '/case'),
    ),
  ),
  ...['ftp', 'https', 'ws'].map(scheme =>
    refuses(
      `the scheme ${scheme}`,
      'RFC 9110 §7.4',
      message(`GET ${scheme}://web/case HTTP/1.1`, [HOST]),
      { refused: [421] },
    ),
  ),
  forwards(
    'OPTIONS of everything',
    'RFC 9112 §3.2.4',
    message('OPTIONS * HTTP/1.1', [HOST]),
    arrives('OPTIONS', '*'),
  ),
  ...['web:443', 'other:443', '/case', 'web', '*', 'http://web/'].map(target =>
    refuses(`CONNECT ${target}`, 'RFC 9110 §9.3.6', message(`CONNECT ${target} HTTP/1.1`, [HOST]), {
      refused: [400, 405, 501],
    }),
  ),
];

export const hostField: CaseGroup<RequestCase> = { category: 'Host', cases: hosts };
export const requestTarget: CaseGroup<RequestCase> = { category: 'request target', cases: targets };
