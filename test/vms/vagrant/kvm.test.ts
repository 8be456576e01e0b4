import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeKvm, type KvmFacts } from '../../../vms/vagrant/kvm.ts';

const whole: KvmFacts = {
  cpuInfo: 'processor\t: 0\nflags\t\t: fpu vme svm nx\n',
  arch: 'x64',
  device: true,
  modules: ['kvm', 'kvm_amd'],
};

describe('judgeKvm', () => {
  it('trusts a processor that says what it can', () => {
    assert.deepEqual(judgeKvm(whole), { works: true });
    assert.deepEqual(judgeKvm({ ...whole, cpuInfo: 'flags : fpu vmx' }), { works: true });
    assert.deepEqual(judgeKvm({ ...whole, cpuInfo: 'Features : fp', arch: 'arm64' }), {
      works: true,
    });
  });

  const refused: readonly [string, Partial<KvmFacts>, RegExp][] = [
    ['a device that cannot be opened', { device: false }, /\/dev\/kvm is missing or not for/],
    ['a processor without virtualisation', { cpuInfo: 'flags : fpu vmxless' }, /vmx or svm/],
    ['PVM, whatever the processor says', { modules: ['kvm', 'kvm_pvm'] }, /PVM/],
  ];
  for (const [title, change, reason] of refused) {
    it(`refuses ${title}`, () => {
      const finding = judgeKvm({ ...whole, ...change });
      assert.ok(!finding.works);
      assert.match(finding.reason, reason);
    });
  }
});
