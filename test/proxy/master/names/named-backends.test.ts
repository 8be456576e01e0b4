/** Names become addresses for the workers, and follow what name servers say. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { EventBody } from '../../../../proxy/command/events.ts';
import type { Backend, StateRequest } from '../../../../proxy/command/requests.ts';
import type { Found } from '../../../../proxy/master/names/name-lookup.ts';
import { NamedBackends } from '../../../../proxy/master/names/named-backends.ts';
import { ManualSchedule } from '../../../support/manual-schedule.ts';

let names: NamedBackends;
let time: ManualSchedule;
let sent: StateRequest[];
let events: EventBody[];
/** What name servers say now. */
let zone: Map<string, Partial<Found>>;

beforeEach(() => {
  time = new ManualSchedule();
  sent = [];
  events = [];
  zone = new Map();
  names = new NamedBackends({
    lookUp: async name => {
      const found = zone.get(name);
      if (found === undefined) throw new Error(`ENOTFOUND ${name}`);
      return { addresses: [], ttlMs: 20_000, partial: false, ...found };
    },
    send: async requests => sent.push(...requests),
    emit: event => events.push(event),
    schedule: time.schedule,
  });
});

function backend(address: string, options: Partial<Backend> = {}): Backend {
  return { clusterId: 'web', backendId: 'api', address, ...options };
}

function add(address: string, options: Partial<Backend> = {}): StateRequest {
  return { kind: 'add-backend', backend: backend(address, options) };
}

function remove(address: string, backendId = 'api'): StateRequest {
  return { kind: 'remove-backend', clusterId: 'web', address, backendId };
}

/** What workers are told, in short. */
function told(requests: readonly StateRequest[]): string[] {
  return requests.map(request => {
    if (request.kind === 'add-backend') return `+${request.backend.address}`;
    return request.kind === 'remove-backend' ? `-${request.address}` : request.kind;
  });
}

async function known(address: string, options: Partial<Backend> = {}): Promise<string> {
  const requests = [add(address, options)];
  names.expand(requests);
  const problem = await names.lookedUp(requests);
  return problem;
}

describe('NamedBackends', () => {
  it('leaves addresses alone', async () => {
    const requests = [add('127.0.0.1:80'), add('[::1]:80'), remove('127.0.0.1:80')];
    assert.deepEqual(names.expand(requests), requests);
    assert.equal(await names.lookedUp(requests), '');
    assert.deepEqual(time.delays, []);
  });

  it('tells every address of a name, with the options of the backend', async () => {
    zone.set('api.test', { addresses: ['127.0.0.2', '::1'] });
    assert.equal(await known('api.test:80', { weight: 7 }), '');
    assert.deepEqual(told(sent), ['+127.0.0.2:80', '+[::1]:80']);
    const [first, second] = sent as Extract<StateRequest, { kind: 'add-backend' }>[];
    assert.equal(first?.backend.weight, 7);
    assert.equal(first?.backend.backendId, 'api');
    assert.notEqual(first?.backend.stickyId, second?.backend.stickyId);
    assert.deepEqual(
      events.map(event => [event.kind, event.address, event.cause]),
      [['name-resolved', 'api.test:80', 'api.test is 127.0.0.2, ::1']],
    );
  });

  it('tells a new worker what is known by then', async () => {
    zone.set('api.test', { addresses: ['127.0.0.2'] });
    await known('api.test:80');
    assert.deepEqual(told(names.expand([add('api.test:80')])), ['+127.0.0.2:80']);
  });

  it('gives those who check backends their addresses', async () => {
    zone.set('api.test', { addresses: ['127.0.0.2', '127.0.0.3'] });
    await known('api.test:80');
    const resolved = names.resolved([
      backend('api.test:80'),
      backend('127.0.0.9:1'),
      backend('x:1'),
    ]);
    assert.deepEqual(
      resolved.map(({ address }) => address),
      ['127.0.0.2:80', '127.0.0.3:80', '127.0.0.9:1'],
    );
  });

  it('looks again when the answer is no longer good, and tells the difference', async () => {
    zone.set('api.test', { addresses: ['127.0.0.2', '127.0.0.3'], ttlMs: 5000 });
    await known('api.test:80');
    assert.deepEqual(time.delays, [5000]);
    sent.length = 0;
    zone.set('api.test', { addresses: ['127.0.0.3', '127.0.0.4'] });
    await time.run();
    assert.deepEqual(told(sent), ['+127.0.0.4:80', '-127.0.0.2:80']);
    assert.deepEqual(time.delays, [20_000]);
    await time.run();
    assert.equal(events.length, 2);
  });

  it('keeps what it knows while nobody answers, and tells it once', async () => {
    zone.set('api.test', { addresses: ['127.0.0.2'] });
    await known('api.test:80');
    zone.delete('api.test');
    const delays: number[] = [];
    for (let i = 0; i < 7; i++) {
      await time.run();
      delays.push(...time.delays);
    }
    assert.deepEqual(delays, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    assert.deepEqual(told(names.expand([add('api.test:80')])), ['+127.0.0.2:80']);
    assert.equal(events.at(-1)?.cause, 'ENOTFOUND api.test; it keeps its 1 last known');
    zone.set('api.test', { addresses: ['127.0.0.2'] });
    await time.run();
    assert.deepEqual(
      events.map(event => event.kind),
      ['name-resolved', 'name-failed', 'name-resolved'],
    );
    assert.deepEqual(told(sent), ['+127.0.0.2:80']);
  });

  it('removes nothing after an answer that is only part of it', async () => {
    zone.set('api.test', { addresses: ['127.0.0.2', '::1'] });
    await known('api.test:80');
    sent.length = 0;
    zone.set('api.test', { addresses: ['127.0.0.3'], partial: true });
    await time.run();
    assert.deepEqual(told(sent), ['+127.0.0.3:80']);
  });

  it('says what is wrong with a name that nobody knows, and goes on trying', async () => {
    assert.equal(
      await known('nobody.test:80'),
      'nobody.test has no address yet: ENOTFOUND nobody.test',
    );
    zone.set('nobody.test', { addresses: ['127.0.0.2'] });
    await time.run();
    assert.deepEqual(told(sent), ['+127.0.0.2:80']);
  });

  it('asks once for a name that several backends have, until the last of them goes', async () => {
    zone.set('api.test', { addresses: ['127.0.0.2'] });
    await known('api.test:80');
    await known('api.test:81', { backendId: 'other' });
    assert.equal(time.delays.length, 1);
    assert.deepEqual(told(names.expand([remove('api.test:80')])), ['-127.0.0.2:80']);
    assert.equal(time.delays.length, 1);
    assert.deepEqual(told(names.expand([remove('api.test:81', 'other')])), ['-127.0.0.2:81']);
    assert.deepEqual(time.delays, []);
    assert.deepEqual(names.expand([remove('api.test:81', 'other')]), []);
  });

  it('does not wait for ever for a name server', async () => {
    const silent = new NamedBackends({
      lookUp: () => new Promise(() => undefined),
      send: async () => undefined,
      emit: event => events.push(event),
      schedule: time.schedule,
    });
    const requests = [add('silent.test:80')];
    silent.expand(requests);
    const problem = silent.lookedUp(requests);
    await time.run();
    assert.equal(await problem, 'silent.test has no address yet: no answer');
  });

  it('keeps nobody waiting when it ends', async () => {
    const silent = new NamedBackends({
      lookUp: () => new Promise(() => undefined),
      send: async () => undefined,
      emit: event => events.push(event),
      schedule: time.schedule,
    });
    const requests = [add('silent.test:80')];
    silent.expand(requests);
    const waiting = silent.lookedUp(requests);
    silent.stop();
    await waiting;
  });

  it('tells nothing after its end, whatever answers still come', async () => {
    let answer: (found: Found) => void = () => undefined;
    const late = new NamedBackends({
      lookUp: () =>
        new Promise(resolve => {
          answer = resolve;
        }),
      send: async requests => sent.push(...requests),
      emit: event => events.push(event),
      schedule: time.schedule,
    });
    late.expand([add('api.test:80')]);
    late.stop();
    answer({ addresses: ['127.0.0.2'], ttlMs: 1000, partial: false });
    await new Promise(resolve => setImmediate(resolve));
    assert.deepEqual([sent, events, time.delays], [[], [], []]);
  });
});
