import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { renderTop, type TopOptions } from '../../../../proxy/cli/top/render-top.ts';
import { type Look, type TopView, topView } from '../../../../proxy/cli/top/top-view.ts';
import type { ProxyEvent } from '../../../../proxy/command/events.ts';
import type { BackendReport, StatusContent } from '../../../../proxy/command/replies.ts';
import { mergeMetrics } from '../../../../proxy/master/answers/merge-metrics.ts';
import { Traffic } from '../../../../proxy/metrics/traffic.ts';

function backend(id: string, more: Partial<BackendReport> = {}): BackendReport {
  return {
    clusterId: 'web',
    backendId: id,
    address: `127.0.0.1:${id.length}`,
    admin: 'ready',
    weight: 100,
    backup: false,
    version: '',
    sharePercent: 50,
    healthy: true,
    breaker: 'closed',
    failures: 0,
    failureThreshold: 3,
    retryInMs: 0,
    activeRequests: 0,
    idleConnections: 0,
    requestsTotal: 0,
    connectFailuresTotal: 0,
    checked: false,
    workers: [],
    ...more,
  };
}

function status(requestsTotal: number): StatusContent {
  const snapshot = {
    clientConnections: 7,
    tunnels: 1,
    activeRequests: 2,
    requestsTotal,
  };
  return {
    pid: 10,
    version: '1.2.3',
    listeners: ['127.0.0.1:80'],
    workers: [{ workerId: 1, pid: 11, runState: 'running', inSync: 'yes', snapshot }],
  } as unknown as StatusContent;
}

function look(at: number, requests: number, backends: readonly BackendReport[]): Look {
  const traffic = new Traffic();
  for (let each = 0; each < requests; each += 1)
    traffic.ended(each % 10 === 0 ? 503 : 200, true, 4, 1, 1);
  const connections = { open: 0, tunnels: 0, refused: 0, evicted: 0, acceptPauses: 0 };
  const own = traffic.snapshot();
  const metrics = mergeMetrics([
    {
      connections,
      listeners: [{ address: '127.0.0.1:80', activeRequests: 0, traffic: own }],
      clusters: requests === 0 ? [] : [{ id: 'web', own, gone: [], retries: 0, retriesRefused: 0 }],
      backends: [],
      accessLog: { linesWritten: 0, linesDropped: 0 },
    },
  ]);
  return { at, status: status(requests), backends, metrics };
}

function events(count: number): ProxyEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    seq: index + 1,
    time: '2026-01-01T00:00:00.000Z',
    kind: 'breaker-opened',
    cause: 'three failures in a row',
  }));
}

const plain: TopOptions = {
  columns: 160,
  rows: 0,
  sort: 'rate',
  paused: false,
  colour: false,
  problem: '',
};

const before = look(1000, 0, [backend('a'), backend('bb')]);
const now = look(3000, 100, [
  backend('a', { requestsTotal: 20, breaker: 'open', failures: 3, retryInMs: 900 }),
  backend('bb', { requestsTotal: 80, activeRequests: 2, connectFailuresTotal: 4 }),
]);
const view = topView(before, now, events(2));

function text(of: TopView, more: Partial<TopOptions> = {}): string {
  return renderTop(of, { ...plain, ...more }).join('\n');
}

describe('relais top', () => {
  it('shows rates between two looks, in every section', () => {
    assert.equal(
      text(view),
      `relais 1.2.3  main 10  on http://127.0.0.1:80
50 requests/s  5.0 5xx/s  2 active  7 connections  1 tunnels  by rate

WORKER  PID  STATE    CONNECTIONS  ACTIVE  REQ/S  REQUESTS
1       11   running  7            2       50     100

CLUSTER  REQ/S  5XX/S  P50     P99     ACTIVE  USABLE
web      50     5.0    4.0 ms  4.0 ms  2       1 of 2

BACKEND  ADDRESS      STATE  BREAKER                  ACTIVE  REQ/S  SHARE  FAILED/S
web/bb   127.0.0.1:2  ready  closed                   2       40     50 %   2.0
web/a    127.0.0.1:1  ready  open, next try in 0.9 s  0       10     50 %   0

EVENTS
2026-01-01T00:00:00.000Z  #1  breaker-opened  three failures in a row
2026-01-01T00:00:00.000Z  #2  breaker-opened  three failures in a row`,
    );
  });

  it('knows no rates after one look, nor across a count that began anew', () => {
    assert.match(text(topView(undefined, now, [])), /^- requests\/s {2}- 5xx\/s/m);
    const restarted = look(5000, 3, []);
    assert.match(text(topView(now, restarted, [])), /^- requests\/s {2}- 5xx\/s/m);
  });

  it('sorts by what is asked for, and by name where that decides nothing', () => {
    const order = (sort: TopOptions['sort']): string[] =>
      [...text(view, { sort }).matchAll(/^web\/(\w+)/gm)].map(match => match[1] ?? '');
    assert.deepEqual(order('rate'), ['bb', 'a']);
    assert.deepEqual(order('name'), ['a', 'bb']);
    assert.deepEqual(order('failures'), ['bb', 'a']);
  });

  it('never has more lines or wider ones than the screen, with or without colours', () => {
    const many = topView(
      before,
      { ...now, backends: Array.from({ length: 40 }, (_, n) => backend(`b${n}`)) },
      events(50),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 80 }),
        fc.boolean(),
        (columns, rows, colour) => {
          const lines = renderTop(many, { ...plain, columns, rows, colour, problem: 'gone' });
          assert.ok(lines.length <= rows, `${lines.length} lines of ${rows}`);
          const widest = Math.max(...lines.map(line => stripVTControlCharacters(line).length));
          assert.ok(widest <= columns, `${widest} columns of ${columns}`);
        },
      ),
    );
  });

  it('on a small screen keeps the latest events and says how many rows are hidden', () => {
    const many = topView(
      before,
      { ...now, backends: Array.from({ length: 40 }, (_, n) => backend(`b${n}`)) },
      events(50),
    );
    const screen = text(many, { rows: 24 });
    assert.match(screen, /#50 /);
    assert.match(screen, /FAILED\/S {2}\(3\d more\)/);
    assert.match(screen, /q quit {3}p pause {3}s sort/);
  });

  it('paints what is wrong, and only when colours are wanted', () => {
    assert.ok(!text(view).includes('\u001b'));
    const painted = text(view, { colour: true });
    assert.ok(painted.includes('\u001b[31mopen, next try in 0.9 s'));
    assert.equal(stripVTControlCharacters(painted).replace(/ +$/gm, ''), text(view));
  });

  it('lets no name steer the terminal', () => {
    const evil = topView(before, { ...now, backends: [backend('x\u001b[2J\u0007')] }, []);
    assert.match(text(evil), /web\/x\?\[2J\?/);
  });
});
