import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { payloadOf } from '../../../vms/docker/container-exec.ts';
import { EngineApi } from '../../../vms/docker/engine-api.ts';
import { explainEngineError } from '../../../vms/docker/explained-errors.ts';
import { rejectsWith } from '../../support/machine-errors.ts';

describe('API of an engine', () => {
  let folder: string;
  let server: http.Server;
  let api: EngineApi;
  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'relais-api-'));
    server = http.createServer((request, response) => {
      const status = Number(/^\/(\d{3})/.exec(request.url ?? '')?.[1] ?? 200);
      if (request.url === '/never') return;
      response.statusCode = status;
      response.end(status < 400 ? '{"Id":"7"}' : '{"message":"no space left on device"}');
    });
    const socket = path.join(folder, 'engine.sock');
    await new Promise<void>(resolve => server.listen(socket, resolve));
    api = new EngineApi(`unix://${socket}`);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells what is there from what is not', async () => {
    assert.deepEqual(await api.find('/200'), { Id: '7' });
    assert.equal(await api.find('/404'), undefined);
    assert.equal(await api.answers(), true);
  });

  it('explains refusals, but for those that are allowed', async () => {
    const full = rejectsWith('VM_COMMAND_FAILED', /^The disk is full.*df -h/);
    await assert.rejects(api.find('/500'), full);
    await assert.rejects(api.change({ method: 'POST', path: '/409' }), full);
    await api.change({ method: 'POST', path: '/409' }, 404, 409);
  });

  it('says that nobody answers, and what to do', async () => {
    const gone = new EngineApi('unix:///nowhere/docker.sock');
    assert.equal(await gone.answers(), false);
    const told = rejectsWith('VM_COMMAND_FAILED', /does not answer GET \/x: .*ENOENT.*lab down/s);
    await assert.rejects(gone.find('/x'), told);
    const late = api.ask({ method: 'GET', path: '/never', timeoutMs: 20 });
    await assert.rejects(late, rejectsWith('VM_COMMAND_FAILED', /no answer in 20 ms/));
  });

  it('takes the addresses that DOCKER_HOST may have, and names them for all others', () => {
    for (const host of ['npipe:////./pipe/docker_engine', 'tcp://127.0.0.1:2375']) {
      assert.equal(new EngineApi(host).host, host);
    }
    const unknown = rejectsWith(
      'VM_UNKNOWN',
      /DOCKER_HOST is "ssh:\/\/me@there".*unix:.*npipe:.*tcp:/,
    );
    assert.throws(() => new EngineApi('ssh://me@there'), unknown);
  });
});

describe('payloadOf', () => {
  const frame = (text: string) => {
    const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, Buffer.byteLength(text)]);
    return Buffer.concat([header, Buffer.from(text)]);
  };

  it('joins frames, and what has come of the last one', () => {
    const whole = Buffer.concat([frame('12'), frame('3\n')]);
    assert.equal(payloadOf(whole).toString(), '123\n');
    assert.equal(payloadOf(whole.subarray(0, -1)).toString(), '123');
    assert.equal(payloadOf(whole.subarray(0, 12)).toString(), '12');
    assert.equal(payloadOf(Buffer.alloc(0)).length, 0);
  });
});

describe('explainEngineError', () => {
  const cases: readonly [string, RegExp][] = [
    ['write /var/x: no space left on device', /disk is full.*df -h/],
    ['No such image: relais/machine:1', /image of the machines is gone.*lab down/],
    ['Pool overlaps with other one on this address space', /docker network ls.*--instance 1/],
    ['Bind for 127.0.0.1:9091 failed: port is already allocated', /Stop it.*--instance 1/],
    ['exec: "docker-init": executable file not found in $PATH', /apt-get install tini/],
    ['unable to apply caps: operation not permitted', /--privileged.*--machines netns/],
  ];
  for (const [said, explained] of cases) {
    it(`knows "${said}"`, () => assert.match(explainEngineError(said) ?? '', explained));
  }

  it('invents nothing', () => assert.equal(explainEngineError('something else'), undefined));
});
