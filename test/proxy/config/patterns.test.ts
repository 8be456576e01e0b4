/** Patterns in a config file: deny rules and frontends, and what is said about wrong ones. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Config, parseConfig } from '../../../proxy/config/load.ts';
import type { Result } from '../../../proxy/shared/result.ts';

const parse = (text: string): Result<Config, Error> => parseConfig(text, '/nowhere/proxy.toml');
const listener = '[[listeners]]\naddress = "127.0.0.1:80"\nprotocol = "http"\n';

function denyOf(text: string): unknown {
  const config = parse(`${listener}${text}`);
  assert.ok(config.ok, config.ok ? '' : config.error.message);
  const added = config.value.requests.find(request => request.kind === 'add-listener');
  return added?.kind === 'add-listener' ? added.listener.deny : undefined;
}

function testRefused(title: string, text: string, message: RegExp): void {
  it(title, () => {
    const config = parse(text);
    assert.ok(!config.ok);
    assert.match(config.error.message, message);
  });
}

describe('deny', () => {
  it('takes names of rules that come with the proxy, and tables, in one list or as tables', () => {
    const own = { name: 'sql', pattern: 'union\\s+select', in: 'target' };
    assert.deepEqual(
      denyOf(`deny = ["log4shell", { name = "sql", pattern = 'union\\s+select', in = "target" }]`),
      [{ name: 'log4shell' }, own],
    );
    assert.deepEqual(
      denyOf(`[[listeners.deny]]\nname = "log4shell"\n[[listeners.deny]]\nname = "sql"
pattern = 'union\\s+select'\nin = "target"`),
      [{ name: 'log4shell' }, own],
    );
  });

  testRefused('names the nearest rule', `${listener}deny = ["log4shel"]`, /:4: .*"log4shell"/);
  testRefused(
    'says where a pattern is wrong',
    `${listener}deny = [{ name = "x", pattern = "a(" }]`,
    /:4: .*wrong at character 2/,
  );
});

describe('frontends', () => {
  const web = (frontend: string): string =>
    `${listener}[clusters.web]\nprotocol = "http"
frontends = [{ address = "127.0.0.1:80", ${frontend} }]\nbackends = []\n`;

  testRefused(
    'say where the pattern of a host is wrong',
    web(`hostname = "/a[/.example.org"`),
    /:6: clusters\.web\.frontends\[0\]\.hostname: .*wrong at character 2/,
  );
  testRefused(
    'say where the pattern of a path is wrong',
    web(`hostname = "a", path = "/x(?!y)", path_type = "REGEX"`),
    /:6: clusters\.web\.frontends\[0\]\.path: .*wrong at character 3.*look-around/,
  );
  testRefused(
    'refuse a path that can never match',
    web(`hostname = "a", path = "/x?y"`),
    /:6: clusters\.web\.frontends\[0\]\.path: .*can never match/,
  );
});
