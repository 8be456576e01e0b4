/** Slips that a config file may have and still be used. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Finding, showFinding } from '../../../proxy/config/findings.ts';
import { examineConfig, parseConfig } from '../../../proxy/config/load.ts';

const listener = '[[listeners]]\naddress = "127.0.0.1:80"\nprotocol = "http"\n';

function warnings(cluster: string, ...backends: readonly string[]): string {
  const text = `${listener}
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

function findings(text: string): readonly Finding[] {
  return examineConfig(text, '/proxy.toml').findings;
}

/** One cluster per line of frontends, each with its own backend. */
function frontendWarnings(...frontends: readonly string[]): string[] {
  const clusters = frontends.map(
    (frontend, index) => `[clusters.c${index}]
protocol = "http"
frontends = [{ address = "127.0.0.1:80", ${frontend} }]
backends = [{ address = "127.0.0.1:81" }]
`,
  );
  return findings(listener + clusters.join('')).map(showFinding);
}

describe('lint of backends', () => {
  const one = 'address = "127.0.0.1:81", backend_id = "one"';
  const two = 'address = "127.0.0.1:82", backend_id = "two"';

  it('warns of a cluster whose backends all have weight 0', () => {
    assert.match(warnings('', `${one}, weight = 0`), /has only backends of weight 0/);
    assert.equal(warnings('', `${one}, weight = 0`, two), '');
  });

  it('says whether an address that stands twice counts twice', () => {
    const told = (second: string): string => {
      const backends = `backends = [{ ${one} }, { address = "127.0.0.1:81"${second} }]`;
      const cluster = '[clusters.web]\nprotocol = "http"\n';
      const frontend = 'frontends = [{ address = "127.0.0.1:80", hostname = "a" }]\n';
      const [finding] = findings(listener + cluster + frontend + backends);
      return `${finding?.what}: ${finding?.why}`;
    };
    assert.match(told(', backend_id = "one"'), /it counts once: .*no further backend/);
    assert.match(told(', backend_id = "two"'), /it counts twice: .*gets the requests of two/);
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

  it('warns of an address to listen on where one to connect to belongs', () => {
    const warned = warnings('', 'address = "0.0.0.0:81"', 'address = "[::]:81"');
    assert.match(warned, /0\.0\.0\.0:81 is an address to listen on, not one to connect to/);
    assert.match(warned, /\[::\]:81 is an address to listen on/);
  });

  it('warns of underscores in names that are looked up, not in names of ours', () => {
    const warned = warnings('', 'address = "webapp_new1:8080", backend_id = "new_1"');
    assert.match(warned, /^\/proxy\.toml:9: .*backends\[0\]: "webapp_new1" holds an underscore$/);
    const [host] = frontendWarnings('hostname = "my_app.example.org"');
    assert.match(host ?? '', /"my_app\.example\.org" holds an underscore/);
    assert.deepEqual(frontendWarnings('hostname = "/[a_b]/.example.org"'), []);
  });
});

describe('lint of listeners', () => {
  const cluster = `[clusters.web]
protocol = "http"
frontends = [{ address = "127.0.0.1:80", hostname = "a" }]
backends = [{ address = "127.0.0.1:81" }]
`;

  it('warns of a listener without frontends, once there are clusters', () => {
    const idle = '[[listeners]]\naddress = "127.0.0.1:90"\nprotocol = "http"\n';
    const [finding, ...more] = findings(listener + idle + cluster);
    assert.deepEqual(more, []);
    assert.equal(finding?.severity, 'warning');
    assert.equal(finding.line, 4);
    assert.match(finding.what, /no frontend is on 127\.0\.0\.1:90: every request there is/);
    assert.equal(findings(idle)[0]?.severity, 'note');
  });

  it('notes a port that the system picks', () => {
    const [finding] = findings((listener + cluster).replaceAll(':80"', ':0"'));
    assert.equal(finding?.severity, 'note');
    assert.match(finding.what, /port 0: the system picks/);
  });

  it('tells where a table that stands twice was first', () => {
    const [finding] = findings(listener + cluster + cluster);
    assert.equal(finding?.line, 8);
    assert.match(finding.what, /redefine.*; it stands already on line 4$/);
  });

  it('says why [hsts] below a listener is not that of the listener', () => {
    const [finding] = findings(`${listener}[hsts]\nenabled = true\n`);
    assert.equal(finding?.severity, 'error');
    assert.match(finding.why ?? '', /is a table of the file, not of the listener/);
  });
});

describe('lint of frontends', () => {
  const taken = /clusters\.c1\.frontends\[0\]: gets no request: .* on line 6 takes all/;
  const shadowed: readonly (readonly [string, string])[] = [
    ['hostname = "a", position = "PRE"', 'hostname = "a"'],
    ['hostname = "a", position = "PRE"', 'hostname = "a", path = "/x", path_type = "REGEX"'],
    ['hostname = "*", position = "PRE"', 'hostname = "a.org"'],
    ['hostname = "*.org", position = "PRE"', 'hostname = "a.org", method = "GET"'],
    ['hostname = "a", path = "/x", position = "PRE"', 'hostname = "a", path = "/xy"'],
    [
      'hostname = "a", path = "/x", path_type = "SEGMENT", position = "PRE"',
      'hostname = "a", path = "/x/y", position = "PRE"',
    ],
    ['hostname = "a"', 'hostname = "a", path = "/x", position = "POST"'],
    ['hostname = "a", position = "POST"', 'hostname = "a", method = "GET", position = "POST"'],
  ];
  for (const [first, second] of shadowed) {
    it(`warns that { ${first} } leaves nothing to { ${second} }`, () => {
      const found = frontendWarnings(first, second);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', taken);
    });
  }

  const apart: readonly (readonly [string, string])[] = [
    ['hostname = "a"', 'hostname = "a", path = "/x"'],
    ['hostname = "*"', 'hostname = "a"'],
    ['hostname = "a", method = "GET", position = "PRE"', 'hostname = "a"'],
    ['hostname = "*.org", position = "PRE"', 'hostname = "a.b.org"'],
    ['hostname = "*.org", position = "PRE"', 'hostname = "org"'],
    [
      'hostname = "a", path = "/x", path_type = "SEGMENT", position = "PRE"',
      'hostname = "a", path = "/x"',
    ],
    ['hostname = "a", path = "/x", path_type = "EQUALS", position = "PRE"', 'hostname = "a"'],
    ['hostname = "*.org"', 'hostname = "a.org", position = "POST"'],
    ['hostname = "a", position = "POST"', 'hostname = "a", path = "/x"'],
  ];
  for (const [first, second] of apart) {
    it(`lets { ${first} } and { ${second} } stand together`, () => {
      assert.deepEqual(frontendWarnings(first, second), []);
    });
  }

  it('tells both lines of a frontend that stands twice', () => {
    const [found] = frontendWarnings('hostname = "a"', 'hostname = "a"');
    assert.match(found ?? '', /^\/proxy\.toml:10: .* stands already on line 6$/);
  });
});

describe('lint of keys', () => {
  const tables: readonly (readonly [string, RegExp])[] = [
    ['health_check = { uri = "/", intervall = 1 }', /health_check\.intervall: .*mean "interval"/],
    ['breaker = { first_wai = 1 }', /breaker\.first_wai: unknown key; did you mean "first_wait"/],
    ['retry = { on_eror = true }', /retry\.on_eror: unknown key; did you mean "on_error"/],
    ['request_rate = { per_second = 1, brust = 2 }', /request_rate\.brust: .*mean "burst"/],
  ];
  for (const [line, said] of tables) {
    it(`names the nearest key for ${line}`, () => {
      const text = `${listener}[clusters.web]
protocol = "http"
frontends = [{ address = "127.0.0.1:80", hostname = "a" }]
backends = [{ address = "127.0.0.1:81" }]
${line}
`;
      const [finding] = findings(text);
      assert.match(finding === undefined ? '' : showFinding(finding), said);
      assert.equal(finding?.line, 8);
    });
  }
});
