import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { type Config, findCommandSocket, parseConfig } from '../../../proxy/config/load.ts';
import { apply } from '../../../proxy/state/apply.ts';
import { emptyState } from '../../../proxy/state/config-state.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'relais-config-'));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'proxy.toml');
writeFileSync(path.join(folder, '503.html'), 'HTTP/1.1 503 en pause\n\n<p>pause');
writeFileSync(path.join(folder, 'latin1.html'), Buffer.from([0xe9, 0xff]));

function load(text: string, expected: readonly string[] = []): Config {
  const config = parseConfig(text, file, { expected });
  assert.ok(config.ok, config.ok ? '' : config.error.message);
  const state = emptyState();
  for (const request of config.value.requests) {
    const applied = apply(state, request);
    assert.ok(applied.ok, applied.ok ? '' : applied.error.message);
  }
  return config.value;
}

function problems(text: string): string {
  const config = parseConfig(text, file);
  assert.ok(!config.ok, 'should be refused');
  assert.equal(config.error.code, 'PROXY_CONFIG_INVALID');
  return config.error.message.replaceAll(`${file}:`, '');
}

const http = '[[listeners]]\naddress = "127.0.0.1:80"\nprotocol = "http"\n';
function web(...lines: readonly string[]): string {
  const backends = '{ address = "127.0.0.1:81" }';
  return `${http}[clusters.web]
protocol = "http"
frontends = [{ address = "127.0.0.1:80", hostname = "Localhost" }]
backends = [${backends}]
${lines.join('\n')}
`;
}

describe('config of today', () => {
  it('becomes requests, with defaults in milliseconds', () => {
    const { requests, settings, warnings } = load(web());
    assert.deepEqual(warnings, []);
    assert.deepEqual(
      requests.map(request => request.kind),
      ['add-listener', 'add-cluster', 'add-backend', 'add-frontend'],
    );
    assert.deepEqual(requests[0], {
      kind: 'add-listener',
      listener: {
        address: '127.0.0.1:80',
        protocol: 'http',
        answers: {},
        frontTimeoutMs: 60_000,
        backTimeoutMs: 30_000,
        connectTimeoutMs: 3_000,
        requestTimeoutMs: 10_000,
        tryDeadlineMs: 10_000,
        maxConnections: 10_000,
      },
    });
    assert.deepEqual(requests[2], {
      kind: 'add-backend',
      backend: { clusterId: 'web', backendId: '127.0.0.1:81', address: '127.0.0.1:81' },
    });
    assert.equal(
      requests[3]?.kind === 'add-frontend' && requests[3].frontend.hostname,
      'localhost',
    );
    assert.equal(settings.commandSocket, path.join(folder, 'relais.sock'));
    assert.equal(settings.workerCount, 2);
  });

  it('lets a listener set what the file sets for all', () => {
    const text = `front_timeout = 5\nconnect_timeout = 0.25\nmax_connections = 7\n${http}connect_timeout = 1.5\n`;
    const [request] = load(text).requests;
    assert.ok(request?.kind === 'add-listener');
    assert.equal(request.listener.frontTimeoutMs, 5_000);
    assert.equal(request.listener.connectTimeoutMs, 1_500);
    assert.equal(request.listener.maxConnections, 7);
  });

  it('reads answers from files and from the text itself', () => {
    const text = web(
      'answer_503 = "./503.html"',
      '[clusters.web.answers]',
      '404 = """HTTP/1.1 404 rien\n\n<p>rien"""',
      '502 = "file://503.html"',
    ).replace('502 = "file://503.html"', '');
    const cluster = load(text).requests.find(request => request.kind === 'add-cluster');
    assert.ok(cluster?.kind === 'add-cluster');
    assert.equal(cluster.cluster.answers['503']?.reason, 'en pause');
    assert.equal(cluster.cluster.answers['404']?.body, '<p>rien');
  });

  it('takes every spelling of round robin', () => {
    for (const name of ['ROUND_ROBIN', 'roundrobin', 'round-robin', 'round_robin', 'rr']) {
      load(web(`load_balancing = "${name}"`));
    }
  });

  it("takes every name of a policy, Sōzu's and HAProxy's too", () => {
    for (const [name, policy] of [
      ['LEAST_LOADED', 'least-connections'],
      ['leastconn', 'least-connections'],
      ['POWER_OF_TWO', 'two-choices'],
      ['HRW', 'rendezvous'],
      ['peak_ewma', 'peak-ewma'],
      ['maglev', 'maglev'],
    ]) {
      const { requests } = load(web(`load_balancing = "${name}"`));
      const cluster = requests.find(request => request.kind === 'add-cluster');
      assert.equal(cluster?.cluster.loadBalancing, policy);
    }
  });

  it('reads every part of a cluster in the unit of requests', () => {
    const { requests } = load(
      `access_logs_target = "file://access.log"
max_connections_total = 50
retry_after = 7
${web(
  'hash_key = "cookie:id"',
  'slow_start = 1.5',
  'health_check = { uri = "/status", interval = 1, unhealthy_threshold = 2 }',
  'breaker = { error_percent = 50, first_wait = 0.5 }',
  'retry = { on_error = true, budget_percent = 10 }',
  'request_rate = { per_second = 10, burst = 20 }',
)}`,
    );
    const cluster = requests.find(request => request.kind === 'add-cluster');
    assert.deepEqual(cluster?.cluster, {
      id: 'web',
      loadBalancing: 'round-robin',
      answers: {},
      hashKey: 'cookie:id',
      slowStartMs: 1500,
      healthCheck: { uri: '/status', intervalMs: 1000, unhealthyThreshold: 2 },
      breaker: { errorPercent: 50, firstWaitMs: 500 },
      retry: { onError: true, budgetPercent: 10 },
      requestRate: { perSecond: 10, burst: 20 },
      retryAfterSeconds: 7,
    });
    const [configure] = requests;
    assert.ok(configure?.kind === 'configure');
    assert.equal(configure.settings.maxConnections, 50);
    assert.equal(configure.settings.accessLog?.format, 'json');
  });

  it('opens a listener for a frontend that names an undeclared one, and says so', () => {
    const { requests, notes } = load(web().replace(http, ''));
    assert.equal(requests.filter(request => request.kind === 'add-listener').length, 1);
    assert.match(notes.join(), /no \[\[listeners\]\] has address "127\.0\.0\.1:80"; one is made/);
  });

  it('says which keys have no effect', () => {
    const { notes, warnings } = load(`min_buffers = 1\nbuffer_size = 1\n${web()}`);
    assert.equal(notes.length, 2);
    assert.match(notes[0] ?? '', /proxy\.toml:1: min_buffers: has no effect: buffers are sized/);
    assert.deepEqual(warnings, []);
  });

  it('finds the file for the state beside itself', () => {
    const { settings } = load(`saved_state = "./s.json"\nautomatic_state_save = true\n${http}`);
    assert.equal(settings.savedState, path.join(folder, 's.json'));
    assert.equal(settings.automaticStateSave, true);
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['', /^1: there is no listener: add \[\[listeners\]\]/],
    ['worker_cont = 2', /^1: worker_cont: unknown key; did you mean "worker_count"\?/],
    ['zzzzzzzz = 2', /^1: zzzzzzzz: unknown key; the keys here are .*command_socket/],
    [
      'automatic_state_save = true',
      /^1: automatic_state_save: needs to know where: saved_state is missing/,
    ],
    ['worker_count = 0', /^1: worker_count: must be at least 1/],
    ['worker_count = "2"', /^1: worker_count: must be a (whole )?number, not "2"/],
    ['worker_count = 1.5', /^1: worker_count: /],
    ['log_level = "inf"', /^1: log_level: "inf" is not possible; did you mean "info"\?/],
    ['log_target = "udp://1.2.3.4:5"', /^1: log_target: .*write "stdout" or "file:\/\/PATH"/],
    ['front_timeout = -1', /^1: front_timeout: must be more than 0/],
    ['front_timeout = 60000000', /^1: front_timeout: .*the unit is seconds/],
    [`\n${http}[hsts]\nenabled = true`, /^5: hsts: belongs to a listener, as \[listeners\.hsts\]/],
    ['command_allowed_uids = [1]', /^1: command_allowed_uids: the runtime does not tell who/],
    ['listeners = 5', /^1: listeners: must be a list/],
    ['clusters = 5', /^1: clusters: must be a table/],
    [http.replace('http"', 'https"'), /^3: listeners\[0\]\.protocol: only "http" is available/],
    [
      http.replace('address', 'adress'),
      /^2: listeners\[0\]\.adress: unknown key; did you mean "address"\?/,
    ],
    [http.replace(':80', ''), /^2: listeners\[0\]\.address: .*the port is missing/],
    [
      `${http}expect_proxy = true`,
      /^4: listeners\[0\]\.expect_proxy: the PROXY protocol is not spoken/,
    ],
    [`${http}${http}`, /^4: listeners\[1\]: 127\.0\.0\.1:80 is already a listener, on line 1/],
    [
      `${http}answer_503 = "nowhere"`,
      /^4: listeners\[0\]\.answer_503: cannot read .*nowhere: there is no such file/,
    ],
    [`${http}answer_503 = "."`, /it is a folder/],
    [`${http}answer_503 = "latin1.html"`, /latin1\.html is not UTF-8/],
    [
      `${http}answer_404 = "503.html"`,
      /^4: .*503\.html:1: the file answers 503 but is given for 404/,
    ],
    [`${http}answer_200 = "503.html"`, /^4: .*the proxy never answers 200/],
    [
      web('load_balancing = "RANDON"'),
      /^8: clusters\.web\.load_balancing: "RANDON" is no policy; did you mean "random"\?/,
    ],
    [
      web('sticky_session = "yes"'),
      /^8: clusters\.web\.sticky_session: must be true or false, not "yes"/,
    ],
    [
      web('authorized_hashes = []'),
      /^8: clusters\.web\.authorized_hashes: there is no authentication/,
    ],
    [
      web().replace('"Localhost"', '"a b"'),
      /^6: clusters\.web\.frontends\[0\]\.hostname: "a b" is not a host name/,
    ],
    [
      web().replace('"Localhost"', '"a", method = "G T"'),
      /^6: clusters\.web\.frontends\[0\]\.method: is not a token/,
    ],
    [
      `${http}request_id_header = "X-Forwarded-For"`,
      /^4: listeners\[0\]\.request_id_header: "X-Forwarded-For" is a field with a meaning of its own/,
    ],
    [
      web().replace(':81', ':0'),
      /^7: clusters\.web\.backends\[0\]\.address: a backend needs a port/,
    ],
    [
      web().replace('backends = [', 'backends = [5, '),
      /^7: clusters\.web\.backends\[0\]: must be a table/,
    ],
    [`${http}[http]\nport = 1`, /\[http\] is the file format of 2017 and does not mix/],
  ];
  for (const [text, reason] of wrong) {
    it(`refuses ${JSON.stringify(text.slice(-50))}`, () => {
      assert.match(problems(text), reason);
    });
  }

  it('tells all problems at once', () => {
    assert.equal(problems('worker_count = 0\nlog_level = "x"\nfoo = 1').split('\n').length, 3);
  });

  it('keeps what equals the only behaviour there is', () => {
    load(web('sticky_session = false', 'https_redirect = false', 'http2 = false'));
  });

  it('has a sentence for every text', () => {
    const piece = fc.constantFrom(
      ...[
        '[[listeners]]',
        '[clusters.a]',
        '[http]',
        '[applications.a]',
        '\n',
        ' = ',
        '"127.0.0.1:1"',
        '5',
      ],
      ...[
        'address',
        'protocol',
        '"http"',
        'frontends',
        'backends',
        '[]',
        '[{}]',
        '{}',
        'true',
        'port',
        'answers',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        const config = parseConfig(pieces.join(''), file);
        if (!config.ok) assert.match(config.error.message, /proxy\.toml:\d+/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('config of 2017', () => {
  const tutorial = path.resolve(import.meta.dirname, '../../../../test/fixtures/tutorial-2017');
  const text = readFileSync(path.join(tutorial, 'demo.toml'), 'utf8');
  const place = path.join(tutorial, 'demo.toml');

  it('reads the tutorial as it stands', () => {
    const config = parseConfig(text, place, {
      expected: ['192.168.1.21:8080', '192.168.1.23:8080'],
    });
    assert.ok(config.ok, config.ok ? '' : config.error.message);
    const { requests, settings, warnings, notes, dialect } = config.value;
    assert.equal(dialect, '2017');
    assert.equal(settings.commandSocket, path.join(tutorial, 'command_folder/sock'));
    assert.equal(settings.workerCount, 2);
    const listener = requests.find(each => each.kind === 'add-listener');
    assert.ok(listener?.kind === 'add-listener');
    assert.equal(listener.listener.address, '127.0.0.1:9090');
    assert.equal(listener.listener.maxConnections, 10);
    assert.equal(listener.listener.answers['404']?.reason, 'nope');
    assert.deepEqual(
      requests.flatMap(each => (each.kind === 'add-backend' ? each.backend.address : [])),
      ['192.168.1.21:8080', '192.168.1.22:8080', '192.168.1.22:8080'],
    );
    assert.equal(warnings.length, 4);
    assert.match(
      warnings[2] ?? '',
      /demo\.toml:30: .*192\.168\.1\.22:8080 appears twice in cluster "webapp"; did you mean 192\.168\.1\.23:8080\?/,
    );
    assert.match(
      warnings[3] ?? '',
      /machine 192\.168\.1\.23:8080 is expected but is a backend of no cluster/,
    );
    assert.match(notes.join(), /metrics: has no effect/);
  });

  it('guesses the missing address from a gap in the run of numbers', () => {
    const config = parseConfig(text, place);
    assert.ok(config.ok);
    assert.match(config.value.warnings.join(), /did you mean 192\.168\.1\.23:8080\?/);
  });

  it('refuses what it cannot do', () => {
    const https = text.replace('frontends = [ "HTTP" ]', 'frontends = [ "HTTP", "HTTPS" ]');
    assert.match(
      problems(https),
      /applications\.webapp\.frontends\[1\]: "HTTPS" is not possible|only tag is "HTTP"/,
    );
    assert.match(
      problems(text.replace('[http]', '[htp]')),
      /\[?htp\]?: unknown key; did you mean "http"\?/,
    );
    assert.match(problems(text.replace('port = 9090', 'port = 90900')), /http\.port: /);
  });
});

describe('findCommandSocket', () => {
  it('finds the socket of a file that is broken elsewhere', () => {
    writeFileSync(path.join(folder, 'broken.toml'), 'command_socket = "./x/sock"\nfoo = 1\n');
    const socket = findCommandSocket(path.join(folder, 'broken.toml'));
    assert.equal(socket.ok && socket.value, path.join(folder, 'x/sock'));
  });

  it('names the nearest file', () => {
    const socket = findCommandSocket(path.join(folder, 'brokn.toml'));
    assert.ok(!socket.ok);
    assert.match(socket.error.message, /there is no such file; did you mean "broken\.toml"\?/);
  });
});
