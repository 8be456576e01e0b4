/** Environment variables become the config file that says the same, or a sentence that helps. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Backend } from '../../../proxy/command/requests.ts';
import {
  type ColourOptions,
  type Colours,
  type Environment,
  readColours,
} from '../../../proxy/config/colours.ts';
import { parseConfig } from '../../../proxy/config/load.ts';

const usual: ColourOptions = {
  address: '127.0.0.1:0',
  commandSocket: '/tmp/sock',
  workerCount: 1,
  more: [],
  stripPath: false,
  sticky: false,
  keepAlive: true,
  accessLog: true,
};

function read(environment: Environment, options: Partial<ColourOptions> = {}): Colours {
  return readColours(environment, { ...usual, ...options });
}

function backendsOf({ toml }: Colours): Backend[] {
  const config = parseConfig(toml, 'environment');
  assert.ok(config.ok, config.ok ? '' : config.error.message);
  return config.value.requests.flatMap(each => (each.kind === 'add-backend' ? [each.backend] : []));
}

function weights(environment: Environment, more: readonly string[] = []): (number | undefined)[] {
  return backendsOf(read(environment, { more })).map(each => each.weight);
}

describe('colours of the environment', () => {
  it('are backends that are told their colour', () => {
    const colours = read({
      BLUE: 'http://MyApp-v1:8080',
      GREEN: 'http://[::1]',
      GREEN_WEIGHT: '4',
    });
    const place = { clusterId: 'colors' };
    assert.deepEqual(backendsOf(colours), [
      {
        ...place,
        backendId: 'blue',
        address: 'myapp-v1:8080',
        weight: 1,
        requestFields: { Color: 'blue' },
      },
      {
        ...place,
        backendId: 'green',
        address: '[::1]:80',
        weight: 4,
        requestFields: { Color: 'green' },
      },
    ]);
    assert.deepEqual(colours.warnings, []);
  });

  it('may be others than blue and green', () => {
    const colours = read({ RED: 'http://a:1', BLUE: 'http://b:1' }, { more: ['red', 'blue'] });
    assert.deepEqual(
      colours.colours.map(each => each.name),
      ['blue', 'red'],
    );
  });

  it('have the weights that they are given, in small numbers', () => {
    const [BLUE, GREEN, RED] = ['http://a:1', 'http://b:1', 'http://c:1'];
    assert.deepEqual(weights({ BLUE, GREEN, BLUE_WEIGHT: '+4', GREEN_WEIGHT: '0' }), [4, 0]);
    assert.deepEqual(weights({ BLUE, GREEN, BLUE_WEIGHT: '4000', GREEN_WEIGHT: '1000' }), [4, 1]);
    const odd = { BLUE, GREEN, RED, BLUE_WEIGHT: '3001', GREEN_WEIGHT: '1', RED_WEIGHT: '0' };
    assert.deepEqual(weights(odd, ['red']), [1000, 1, 0]);
    assert.match(read(odd, { more: ['red'] }).warnings.join(), /3001 and 1 and 0 are rounded/);
  });

  it('keep the path of the client unless they are told otherwise', () => {
    const environment = { BLUE: 'http://a:1/v1/?x#y', GREEN: 'http://b:1' };
    const kept = read(environment);
    assert.deepEqual(
      backendsOf(kept).map(each => each.replacePath),
      [undefined, undefined],
    );
    assert.match(kept.notes.join('\n'), /only http:\/\/a:1\/v1\/ of it is used/);
    assert.match(kept.notes.join('\n'), /its path \/v1\/ is not used; with --strip-path/);
    const stripped = backendsOf(read(environment, { stripPath: true, keepAlive: false }));
    assert.deepEqual(
      stripped.map(each => [each.replacePath, each.reuseConnections]),
      [
        ['/v1/', false],
        ['/', false],
      ],
    );
  });

  it('that are not set are said to be so, as a warning when they were asked for', () => {
    const { notes, warnings } = read({ BLUE: 'http://a:1', GREEN: ' ' }, { more: ['red'] });
    assert.match(notes.join('\n'), /GREEN is not set: .* GREEN=http:\/\//);
    assert.match(warnings.join('\n'), /^RED is not set: .* RED=http:\/\//);
  });

  const wrong: readonly (readonly [Environment, RegExp])[] = [
    [{ GREEN: 'myapp:8080' }, /GREEN=myapp:8080 has no scheme: write http:\/\/myapp:8080/],
    [{ GREEN: 'myapp' }, /GREEN=myapp has no scheme: write http:\/\/myapp/],
    [{ GREEN: '//myapp:1' }, /has no scheme: write http:\/\/myapp:1/],
    [{ GREEN: 'http://' }, /GREEN=http:\/\/ is not a URL: write http:\/\/HOST:PORT/],
    [{ GREEN: 'http://a:99999' }, /is not a URL/],
    [{ GREEN: 'http://a:0' }, /a host that cannot be one|port/],
    [{ GREEN: 'https://a' }, /asks for TLS, .* write http:\/\/a/],
    [{ GREEN: 'ftp://a' }, /no URL for HTTP: write http:\/\/a/],
    [
      { GREEN: 'http://a:1', GREEN_WEIGHT: '-1' },
      /GREEN_WEIGHT=-1 is not a weight: .*GREEN_WEIGHT=1/,
    ],
    [{ GREEN: 'http://a:1', GREEN_WEIGHT: '1.5' }, /GREEN_WEIGHT=1.5 is not a weight/],
    [{ GREEN: 'http://a:1', GREEN_WEIGHT: 'much' }, /0 for standby/],
    [{ GREEN_WEIGHT: '3' }, /GREEN_WEIGHT is set and GREEN is not/],
  ];
  for (const [environment, message] of wrong) {
    it(`are left out with a helpful sentence: ${JSON.stringify(environment)}`, () => {
      const colours = read({ BLUE: 'http://b:1', ...environment });
      assert.deepEqual(
        colours.colours.map(each => each.name),
        ['blue'],
      );
      assert.match(colours.warnings.join('\n'), message);
      assert.match(colours.warnings.join('\n'), /no request goes to green/);
    });
  }

  it('have names that can be variables', () => {
    const { warnings } = read({ BLUE: 'http://b:1' }, { more: ['light-red', ''] });
    assert.match(warnings.join('\n'), /"light-red" is not a colour: .*\n"" is not a colour/);
  });
});
