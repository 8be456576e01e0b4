import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { dockerSettings } from '../../../vms/docker/settings.ts';
import { rejectsWith } from '../../support/machine-errors.ts';

describe('settings of docker', () => {
  it("are an engine of the kit's own as root on Linux, the user's elsewhere", () => {
    assert.equal(dockerSettings({}, 'linux', true).engine, 'own');
    assert.equal(dockerSettings({}, 'linux', false).engine, 'host');
    assert.equal(dockerSettings({}, 'darwin', true).engine, 'host');
    assert.equal(dockerSettings({ RELAIS_DOCKER: 'host' }, 'linux', true).engine, 'host');
    assert.equal(dockerSettings({ RELAIS_DOCKER: 'own' }, 'linux', false).engine, 'own');
  });

  it('know where the engine of the user listens', () => {
    assert.equal(dockerSettings({}, 'linux', false).host, 'unix:///var/run/docker.sock');
    assert.equal(dockerSettings({}, 'win32', false).host, 'npipe:////./pipe/docker_engine');
    const elsewhere = dockerSettings({ DOCKER_HOST: 'tcp://127.0.0.1:2375' }, 'linux', false);
    assert.equal(elsewhere.host, 'tcp://127.0.0.1:2375');
  });

  it('keep data in the home, or where they are told to', () => {
    const { stores, imageFolder } = dockerSettings({}, 'linux', true);
    assert.equal(stores, path.join(homedir(), '.relais', 'docker'));
    assert.equal(imageFolder, path.join(homedir(), '.relais', 'boxes'));
    const told = dockerSettings({ RELAIS_DOCKER_STORES: '/a', RELAIS_BOXES: '/b' }, 'linux', true);
    assert.deepEqual([told.stores, told.imageFolder], [path.resolve('/a'), path.resolve('/b')]);
  });

  it('refuse another engine', () => {
    const refused = rejectsWith('VM_UNKNOWN', /RELAIS_DOCKER is "mine"; it can be "own".*"host"/);
    assert.throws(() => dockerSettings({ RELAIS_DOCKER: 'mine' }, 'linux', true), refused);
  });
});
