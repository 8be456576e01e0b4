/** Whatever a provider gives as its reason is known to the doctor, in both languages. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { gatherFacts } from '../../../labs/doctor/gather/gather.ts';
import { knownReason } from '../../../labs/doctor/judge/known-reasons.ts';
import { isEnough, OLDEST_NODE } from '../../../labs/doctor/oldest-node.ts';
import { recordedDeeds, recordedSystem, wanted } from '../../support/recorded-system.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const vms = path.join(root, 'vms');

/** Every `reason: '…'` in vms/, with `x` for what is filled in. */
function reasons(): string[] {
  return readdirSync(vms, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !ABOUT_OTHER_THINGS.includes(file))
    .flatMap(file => [
      ...readFileSync(path.join(vms, file), 'utf8').matchAll(
        /\breason(?::|\s=)\s*(?:'(.+?)'|`(.+?)`|"(.+?)")[,;\s]/g,
      ),
    ])
    .map(([, ...said]) => said.find(text => text !== undefined) ?? '')
    .map(text => text.replace(/\$\{[^}]*\}/g, 'x'));
}

/** Why a port could not be opened, why KVM is not used: no reasons for machines not to be made. */
const ABOUT_OTHER_THINGS = ['port-holder.ts', path.join('vagrant', 'kvm.ts')];

describe('reasons of providers', async () => {
  const facts = await gatherFacts(recordedSystem({}), recordedDeeds(), wanted);

  it('are known to the doctor, also in French', () => {
    const all = reasons();
    assert.ok(all.length >= 6, `only ${all.length} reasons found`);
    const unknown = all.filter(text => knownReason(text, facts) === undefined);
    assert.deepEqual(unknown, [], 'add them to labs/doctor/judge/known-reasons.ts');
    for (const text of all) {
      const { reason } = knownReason(text, facts) ?? { reason: { en: '', fr: '' } };
      assert.notEqual(reason.fr, reason.en, text);
    }
  });

  it('are told in French down to their parts', () => {
    const said =
      'Vagrant can drive nothing here (virtualbox: VBoxManage is not here; ' +
      'lxc: of what lxc needs, brctl, sudo is missing; libvirt: something new)';
    assert.equal(
      knownReason(said, facts)?.reason.fr,
      'Vagrant n’a rien à piloter ici (virtualbox : VBoxManage n’est pas là ; ' +
        'lxc : de ce qu’il faut à lxc, il manque brctl, sudo ; libvirt: something new)',
    );
  });
});

describe('the oldest Node', () => {
  it('is that of package.json', () => {
    const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    assert.equal(engines.node, `>=${OLDEST_NODE.join('.')}`);
    assert.equal(isEnough(process.versions.node), true);
  });
});
