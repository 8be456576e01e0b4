/** `RUST_LOG` sets the level of the log, and what it cannot mean here is said. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withRustLog } from '../../../proxy/cli/rust-log.ts';
import { type Config, parseConfig } from '../../../proxy/config/load.ts';

function configOf(keys: string): Config {
  const listener = '[[listeners]]\naddress = "127.0.0.1:0"\nprotocol = "http"\n';
  const config = parseConfig(`${keys}\n${listener}`, 'proxy.toml');
  assert.ok(config.ok, config.ok ? '' : config.error.message);
  return config.value;
}

function levels(config: Config): unknown[] {
  const configured = config.requests.flatMap(each =>
    each.kind === 'configure' ? [each.settings.logLevel] : [],
  );
  return [config.settings.logLevel, ...configured];
}

describe('RUST_LOG', () => {
  it('wins over the file, and keeps its other settings', () => {
    const file = configOf('log_level = "warn"\nmax_connections_total = 5');
    const told = withRustLog(file, 'Debug');
    assert.deepEqual(levels(told), ['debug', 'debug']);
    const [configure] = told.requests;
    assert.ok(configure?.kind === 'configure');
    assert.equal(configure.settings.maxConnections, 5);
    assert.equal(told.requests.length, file.requests.length);
    assert.deepEqual(levels(withRustLog(configOf(''), 'error')), ['error', 'error']);
  });

  it('says that modules have no level of their own', () => {
    const file = configOf('');
    const { notes } = withRustLog(file, 'info,sozu_lib::parser::http11=trace');
    assert.deepEqual(notes.slice(file.notes.length), [
      'RUST_LOG: the log level is info',
      'RUST_LOG: sozu_lib::parser::http11=trace has no effect: there is one level for all',
    ]);
  });

  it('changes nothing when it is not there, empty, or no level', () => {
    const file = configOf('log_level = "warn"');
    for (const nothing of [undefined, '']) assert.equal(withRustLog(file, nothing), file);
    const wrong = withRustLog(file, 'warm');
    assert.equal(wrong.settings.logLevel, 'warn');
    assert.match(wrong.warnings.join(), /RUST_LOG: "warm" is no level; did you mean "warn"\?/);
  });
});
