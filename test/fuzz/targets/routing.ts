/** What a valid head leads to: every request has one frontend or a reason, and there is no way around. */
import { clientBehind } from '../../../proxy/http1/client-address.ts';
import { readConnection } from '../../../proxy/http1/connection-field.ts';
import { Head, hostOf } from '../../../proxy/http1/head.ts';
import { scanRequestHead } from '../../../proxy/http1/head-scanner.ts';
import { checkRequest } from '../../../proxy/http1/request-rules.ts';
import { TrustList } from '../../../proxy/net/admission/trust-list.ts';
import { DenyRules } from '../../../proxy/routing/deny-rules.ts';
import { route, tableOf } from '../../support/routes.ts';
import { latin1, type Outcome, type Target, Violation } from '../target.ts';

const head = new Head();
const table = tableOf(
  { ...route('web', '/admin', '', { pathKind: 'segment' }), clusterId: null },
  route('web', '', 'web'),
  route('*.web', '/x', 'wild', { method: 'GET' }),
  route('/[a-c]+/.web', '/f/[0-9]+', 'regex', { pathKind: 'regex' }),
  route('*', '/pre', 'pre', { position: 'pre', pathKind: 'equals' }),
  route('*', '/post', 'post', { position: 'post' }),
);
const deny = new DenyRules([{ name: 'log4shell' }, { name: 'env', pattern: '/\\.env$' }]);
const trust = new TrustList(['10.0.0.0/8', 'fd00::/8']);

export const routing: Target = {
  name: 'routing',
  seeds: latin1([
    'GET / HTTP/1.1\r\nHost: web\r\n\r\n',
    'GET /admin/x?y HTTP/1.1\r\nHost: web:80\r\n\r\n',
    'GET http://a.web/x/../f HTTP/1.1\r\nHost: b\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: web\r\nX-Forwarded-For: 1.2.3.4, 10.1.1.1\r\n\r\n',
    'GET /?q=%24%7Bjndi:x%7D HTTP/1.0\r\nUser-Agent: $\x7blower:a}\r\n\r\n',
  ]),
  dictionary: latin1([
    ...['/', '//', '.', '..', '/../', '%2e', '%2F', '%5c', '\\', ';', '?', '%', 'admin', '%61dmin'],
    ...['Host: ', 'web', '*', '.web', 'a.b.web', '[::1]', ':80', '.', '\r\n', 'X-Forwarded-For: '],
    ...['10.0.0.1', ', ', '::ffff:1.2.3.4', '[fd00::1]:80', 'fe80::1%a', 'Connection: '],
    ...[
      '$\x7b',
      '}',
      'jndi:',
      ':-',
      'lower:',
      "date:'",
      'base64:',
      '%24%7b',
      '%2524',
      '.env',
      '/f/1',
    ],
  ]),
  check,
};

function check(bytes: Buffer): Outcome {
  const scanned = scanRequestHead(head, bytes, 0, bytes.length);
  if (scanned !== 'complete') return { signature: scanned };
  readConnection(head);
  const refusal = checkRequest(head);
  if (refusal !== 0) return { signature: `${refusal}` };
  const host = hostOf(head);
  const { found, considered } = table.trace('l', host, head);
  const serving = considered.filter(each => each.verdict === 'serves').map(each => each.route);
  if (typeof found === 'string' ? serving.length > 0 : serving[0] !== found) {
    throw new Violation('the explanation names another frontend');
  }
  const target = head.bytes.toString('latin1', head.pathStart, head.targetEnd);
  const isOpen = typeof found !== 'string' && found.clusterId === 'web';
  if (isOpen && /^\/+admin(?:[/?]|$)/.test(decodeLetters(target))) {
    throw new Violation(`${target} goes around the frontend that refuses`);
  }
  const denied = deny.find(head) ?? '';
  if (denied === '' && /\$\x7bjndi:/i.test(decodeLetters(target))) {
    throw new Violation(`${target} goes around the deny rule`);
  }
  const client = clientBehind(head, '10.9.9.9', trust);
  if (trust.trusts(client) === undefined) throw new Violation(`${client} is no address`);
  const where = typeof found === 'string' ? found : found.clusterId;
  return { signature: `${where} ${denied} ${client === '10.9.9.9'} ${host.length > 0}` };
}

/** Once: what any backend does. */
function decodeLetters(target: string): string {
  return target.replace(/%(2[47de]|[4-7][\da-f]|5f)/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
