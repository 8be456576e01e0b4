import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Config, parseConfig } from '../../../proxy/config/load.ts';
import { restartSentences } from '../../../proxy/config/restart-keys.ts';

const UPGRADE = 'needs "relais upgrade" or a restart of the proxy';
const RESTART = 'needs a restart of the proxy';
const admin = '[admin]\naddress = "127.0.0.1:9000"\ntoken = "0123456789abcdef-first"\n';

const listener = '[[listeners]]\naddress = "127.0.0.1:8080"\nprotocol = "http"\n';

function parsed(text: string): Config {
  const config = parseConfig(`${text}${listener}`, '/etc/relais/proxy.toml');
  assert.ok(config.ok, config.ok ? '' : config.error.message);
  return config.value;
}

function sentences(now: string, then: string): string[] {
  return restartSentences(parsed(now), parsed(then));
}

describe('restartSentences', () => {
  const cases: readonly (readonly [now: string, then: string, sentences: readonly string[]])[] = [
    [
      '',
      admin,
      [
        `[admin] address: none → 127.0.0.1:9000 ${UPGRADE}`,
        `[admin] token: is another, ${UPGRADE}`,
      ],
    ],
    [
      admin,
      admin.replace('127.0.0.1:9000', 'unix://a.sock'),
      [`[admin] address: 127.0.0.1:9000 → unix:///etc/relais/a.sock ${UPGRADE}`],
    ],
    [admin, admin.replace('first', 'second'), [`[admin] token: is another, ${UPGRADE}`]],
    ['', '[metrics]\ndetail = "backend"\n', [`[metrics] detail: cluster → backend ${UPGRADE}`]],
    [
      '[metrics]\naddress = "127.0.0.1:8125"\n',
      '[metrics]\naddress = "[::1]:8125"\nprefix = "lab"\ntagged_metrics = true\n',
      [
        `[metrics] address: 127.0.0.1:8125 → [::1]:8125 ${UPGRADE}`,
        `[metrics] prefix: relais → lab ${UPGRADE}`,
        `[metrics] tagged_metrics: false → true ${UPGRADE}`,
      ],
    ],
    [
      'audit_logs_target = "file://audit.log"\n',
      '',
      [`audit_logs_target: /etc/relais/audit.log → none ${UPGRADE}`],
    ],
    ['worker_count = 2\n', 'worker_count = 3\n', [`worker_count: 2 → 3 ${RESTART}`]],
    ['', 'pid_file_path = "p"\n', [`pid_file_path: none → /etc/relais/p ${RESTART}`]],
  ];
  for (const [now, then, expected] of cases) {
    it(`${JSON.stringify(now)} → ${JSON.stringify(then)} is told`, () => {
      assert.deepEqual(sentences(now, then), expected);
      assert.deepEqual(sentences(then, then), []);
    });
  }

  it('never tells a token', () => {
    assert.doesNotMatch(sentences(admin, admin.replace('first', 'second')).join(), /0123456789/);
  });
});
