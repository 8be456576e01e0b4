/** Slips that a config file may have and still be used. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from '../../../proxy/config/load.ts';

function warnings(cluster: string, ...backends: readonly string[]): string {
  const text = `[[listeners]]
address = "127.0.0.1:80"
protocol = "http"
[clusters.web]
protocol = "http"
frontends = [{ address = "127.0.0.1:80", hostname = "localhost" }]
${cluster}
backends = [${backends.map(backend => `{ ${backend} }`).join(', ')}]
`;
  const config = parseConfig(text, '/proxy.toml');
  assert.ok(config.ok, config.ok ? '' : config.error.message);
  return config.value.warnings.join('\n');
}

describe('lint', () => {
  const one = 'address = "127.0.0.1:81", backend_id = "one"';
  const two = 'address = "127.0.0.1:82", backend_id = "two"';

  it('warns of a cluster whose backends all have weight 0', () => {
    assert.match(warnings('', `${one}, weight = 0`), /has only backends of weight 0/);
    assert.equal(warnings('', `${one}, weight = 0`, two), '');
  });

  it('warns of two backends with one sticky id, where it matters', () => {
    const backends = [`${one}, sticky_id = "a"`, `${two}, sticky_id = "a"`] as const;
    const warned = warnings('sticky_session = true', ...backends);
    assert.match(warned, /has the sticky id "a" of backend "one"/);
    assert.equal(warnings('', ...backends), '');
    assert.match(
      warnings('sticky_session = true', one, `${two}, sticky_id = "one"`),
      /has the sticky id "one" of backend "one"/,
    );
    assert.equal(warnings('sticky_session = true', one, two), '');
  });
});
