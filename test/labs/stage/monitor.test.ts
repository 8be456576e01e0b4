/** A real proxy, its metrics, and the program that reads them. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { prometheusProgram } from '../../../labs/harness/run/imitations.ts';
import {
  adminKeys,
  monitorPlan,
  startMonitor,
  writeMonitorFiles,
} from '../../../labs/stage/monitor.ts';
import { startProxies } from '../../../labs/stage/stage-proxies.ts';
import { addressPlan } from '../../../vms/address-plan.ts';
import { providerNamed } from '../../../vms/registry.ts';
import { eventually } from '../../support/eventually.ts';
import { quietPort } from '../../support/quiet-port.ts';

const entry = path.resolve(import.meta.dirname, '../../../bin/relais.js');

describe('monitorPlan', () => {
  it('is there only when the lab wants it', () => {
    assert.equal(monitorPlan({}, addressPlan(1)), undefined);
    assert.deepEqual(monitorPlan({ monitor: true }, addressPlan(1)), {
      admin: '127.0.0.1:9185',
      monitor: '127.0.0.1:9186',
    });
  });
});

describe('startMonitor', () => {
  it('reads the metrics of the proxy, with its token', async test => {
    const folder = await mkdtemp(path.join(tmpdir(), 'relais-monitor-'));
    const room = await providerNamed('process').open({
      folder: path.join(folder, 'room'),
      subnet: '192.168.63',
      label: 'monitor',
    });
    test.after(async () => {
      await room.close();
      await rm(folder, { recursive: true });
    });
    const visitors = await quietPort();
    const adminPort = await quietPort(visitors);
    const monitorPort = await quietPort(visitors, adminPort);
    const plan = { admin: `127.0.0.1:${adminPort}`, monitor: `127.0.0.1:${monitorPort}` };
    await writeMonitorFiles(folder, plan);
    assert.equal((await stat(path.join(folder, 'admin.token'))).mode & 0o777, 0o600);
    assert.match(
      await readFile(path.join(folder, 'prometheus.yml'), 'utf8'),
      /scrape_interval: 1s/,
    );
    const listeners = { proxy: `127.0.0.1:${visitors}` };
    const config = {
      language: 'en',
      listener: listeners.proxy,
      commandSocket: path.join(folder, 'relais.sock'),
      backends: [],
      addressOf: () => '',
      plan: { top: adminKeys(plan) },
    } as const;
    const started = { room, entry, folder, config, edge: undefined, listeners };
    const { proxy } = await startProxies(started, AbortSignal.timeout(60_000));
    test.after(() => proxy.close());
    await fetch(`http://localhost:${visitors}/`, { headers: { connection: 'close' } });
    await startMonitor({ room, folder, dataFolder: path.join(folder, 'data'), plan });
    const query = `http://${plan.monitor}/api/v1/query?query=relais_http_requests_total`;
    await eventually('a request was counted', async () => {
      const answer = await fetch(query, { headers: { connection: 'close' } });
      const text = await answer.text();
      return prometheusProgram === undefined
        ? /relais_http_requests_total<\/td><td>1</.test(text)
        : text.includes('"value":');
    });
  });
});
