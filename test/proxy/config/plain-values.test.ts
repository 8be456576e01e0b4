/** What is recognized at a glance is what the full rules make of it. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { examineConfig } from '../../../proxy/config/load.ts';
import { isPlainAddress, isPlainHostname } from '../../../proxy/config/plain-values.ts';

interface Words {
  readonly id: string;
  readonly listener: string;
  readonly hostname: string;
  readonly backend: string;
}

/** `more`: keys with their defaults, which send every part through the full rules. */
function outcome({ id, listener, hostname, backend }: Words, more: boolean): unknown {
  const [cluster, frontend, ours] = more
    ? ['load_balancing = "rr"', ', path = ""', ', backup = false']
    : ['', '', ''];
  const text = `[[listeners]]
address = ${JSON.stringify(listener)}
protocol = "http"
[clusters.${JSON.stringify(id)}]
protocol = "http"
frontends = [{ address = ${JSON.stringify(listener)}, hostname = ${JSON.stringify(hostname)}${frontend} }]
backends = [{ address = ${JSON.stringify(backend)}${ours} }]
${cluster}
`;
  const { findings, config } = examineConfig(text, '/proxy.toml');
  return { findings, requests: JSON.stringify(config?.requests)?.replace(',"backup":false', '') };
}

const address = fc.oneof(
  fc.tuple(fc.ipV4(), fc.nat(70_000)).map(([ip, port]) => `${ip}:${port}`),
  fc.constantFrom(
    '127.0.0.1:080',
    '127.0.0.1:0',
    '1.2.3.256:80',
    '01.2.3.4:80',
    '1.2.3.4',
    '[::1]:80',
    '1.2.3.4:65535',
    '1.2.3.4:65536',
    'web:80',
  ),
);
const name = fc.oneof(
  fc.domain(),
  fc.string({ unit: fc.constantFrom('a', 'Z', '9', '-', '.', '_', '*', '/'), maxLength: 12 }),
);

it('plain values come to the same as by the full rules', () => {
  const id = fc.oneof(name, fc.constantFrom('web', 'a'.repeat(129), 'a b'));
  const words = fc.record({ id, listener: address, hostname: name, backend: address });
  fc.assert(
    fc.property(words, each => assert.deepEqual(outcome(each, false), outcome(each, true))),
    { numRuns: 500 },
  );
});

it('recognizes the plain ones, so that the shortcut is taken', () => {
  assert.ok(isPlainAddress('10.0.0.1:8080') && isPlainHostname('app1.example.org'));
  assert.ok(!isPlainAddress('10.0.0.01:80') && !isPlainHostname('*.example.org'));
});
