/** What the doctor says when something is short, taken, broken or left, from records of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatherFacts } from '../../../labs/doctor/gather/gather.ts';
import { LANGUAGES } from '../../../labs/harness/text.ts';
import {
  finding,
  hasNo,
  judged,
  noBrowser,
  noNamespaces,
  unready,
} from '../../support/judged-computer.ts';
import {
  type Recording,
  recordedDeeds,
  recordedSystem,
  wanted,
} from '../../support/recorded-system.ts';

const GIB = 1024 ** 3;

describe('a computer that is short of something', () => {
  it('has a Node that is too old', async () => {
    const judgement = await judged({ node: { version: '18.20.8', arch: 'x64' } });
    assert.equal(judgement.ready, false);
    assert.match(finding(judgement, 'node').found.en, /18\.20\.8, older than 20\.19/);
    const versions = ['20.18.3', '20.19.0', '22.0.0'];
    const states = versions.map(async version => {
      return finding(await judged({ node: { version, arch: 'x64' } }), 'node').state;
    });
    assert.deepEqual(await Promise.all(states), ['missing', 'ready', 'ready']);
  });

  it('has little memory: that of the container counts, not that of the computer', async () => {
    const memory = { total: 16 * GIB, free: 8 * GIB, limit: 0.5 * GIB };
    const { state, found } = finding(await judged({ memory }), 'memory');
    assert.equal(state, 'limited');
    assert.equal(found.en, '512 MiB of 512 MiB free');
    const files = { '/proc/meminfo': 'MemTotal: 16000000 kB\nMemAvailable:  204800 kB\n' };
    assert.match(finding(await judged({ files }), 'memory').found.fr, /^200 Mio libres/);
  });

  it('has a full disk, or a folder of root’s', async () => {
    const full = await judged({ diskFree: () => 20 * 1024 ** 2 });
    assert.equal(finding(full, 'disk').state, 'missing');
    assert.equal(full.ready, false);
    const foreign = await judged({ writeProblem: () => 'EACCES' });
    assert.match(finding(foreign, 'home').found.en, /cannot be written \(EACCES\)/);
    assert.equal(foreign.ready, false);
  });

  it('has a port that somebody holds', async () => {
    const taken = {
      canListen: async (_host: string, port: number) => port !== 9091,
      holderOf: async () => ({ pid: 4711, name: 'python3' }),
    };
    const judgement = await judged(taken);
    const { state, found, fix } = finding(judgement, 'port.9091');
    assert.equal(state, 'missing');
    assert.equal(found.en, 'in use by python3 (pid 4711)');
    assert.equal(fix?.command, 'kill 4711');
    const ours = { ...taken, holderOf: async () => ({ pid: 1, name: 'node', lab: '/x' }) };
    const lab = finding(await judged(ours), 'port.9091');
    assert.equal(lab.fix?.command, undefined);
    assert.match(lab.why?.en ?? '', /belongs to the lab in \/x/);
  });

  it('has a machine, a proxy or a browser that does not do what it is for', async () => {
    const fails = async () => ({ outcome: 'fails', tookMs: 10, said: 'BROKEN' }) as const;
    const machine = await judged({}, {}, { tryMachine: fails });
    assert.equal(machine.ready, false);
    assert.equal(finding(machine, 'machines.netns').state, 'missing');
    assert.match(finding(machine, 'machines.netns').found.fr, /pas fonctionné : BROKEN/);
    const proxy = await judged({}, {}, { tryProxy: fails });
    assert.equal(proxy.ready, false);
    const browser = await judged({}, {}, { tryBrowser: fails });
    assert.equal(browser.ready, true);
    assert.match(finding(browser, 'browser').without?.en ?? '', /--no-browser/);
  });

  it('tries costly machines only on request, or when no others work', async () => {
    const made: string[] = [];
    const tryMachine = async ({ name }: { readonly name: string }) => {
      made.push(name);
      return { outcome: 'works', tookMs: 20_000 } as const;
    };
    const ready = { vagrant: { ready: true } } as const;
    const judgement = await judged({}, ready, { tryMachine });
    assert.deepEqual(made, ['netns', 'process']);
    const { state, fix } = finding(judgement, 'machines.vagrant');
    assert.deepEqual([state, fix?.command], ['untried', 'lab doctor --try vagrant']);

    made.length = 0;
    const alone = { ...ready, netns: unready('no'), process: unready('no') };
    const last = await judged({}, alone, { tryMachine });
    assert.deepEqual(made, ['vagrant']);
    assert.deepEqual([last.ready, last.machines], [true, 'vagrant']);

    made.length = 0;
    const deeds = recordedDeeds(ready, { tryMachine });
    await gatherFacts(recordedSystem({}), deeds, { ...wanted, tried: ['all'] });
    assert.deepEqual(made, ['netns', 'process', 'vagrant']);
  });

  it('has what a dead run left', async () => {
    const things = ['machine webapp1 (192.168.56.21, pid 12)'];
    const leftOvers = async () => [
      { instance: 2, things, onPurpose: false },
      { instance: 3, things, onPurpose: true },
      { instance: 4, things, onPurpose: false, owner: 99 },
    ];
    const judgement = await judged({}, {}, { leftOvers });
    const { fix } = finding(judgement, 'left-over.2');
    assert.deepEqual(fix?.deed, { kind: 'sweep', instance: 2 });
    hasNo(judgement, 'left-over.3');
    hasNo(judgement, 'left-over.4');
  });

  it('has a narrow terminal, or one that shows no accents', async () => {
    const narrow = await judged({ terminal: { isTerminal: true, columns: 30 } });
    assert.match(finding(narrow, 'terminal').fix?.say?.en ?? '', /--plain/);
    const latin = await judged({ env: { LANG: 'C', TERM: 'vt220' } });
    assert.match(finding(latin, 'terminal').found.en, /vt220, no UTF-8/);
    assert.equal(finding(latin, 'terminal').fix?.command, 'export LC_ALL=C.UTF-8');
  });
});

describe('the kernel', () => {
  const kvm = async (files: Readonly<Record<string, string>>) =>
    finding(await judged({ files }), 'kernel.kvm').found.en;

  it('is not believed about KVM because a file opens', async () => {
    const processor = { '/proc/cpuinfo': 'processor : 0\nflags\t\t: fpu vme vmx sse\n' };
    assert.match(await kvm({ '/dev/kvm': '', '/sys/module/kvm_pvm/x': '' }), /emulated \(PVM\)/);
    assert.match(await kvm({ '/dev/kvm': '' }), /no vmx or svm/);
    assert.equal(await kvm({ '/dev/kvm': '', ...processor }), 'there');
    assert.match(await kvm(processor), /^absent/);
    const closed = await judged({ files: { '/dev/kvm': '' }, canOpen: () => false });
    assert.match(finding(closed, 'kernel.kvm').found.en, /may not open/);
  });

  it('is asked for netem and ipvs by trying and by looking', async () => {
    const line = 'unshare -Urn tc qdisc add dev lo root netem delay 1ms';
    const missing = { exitCode: 2, stdout: '', stderr: 'Error: Specified qdisc kind is unknown.' };
    const netem = async (said: Recording['said']) =>
      finding(await judged({ ...(said && { said }) }), 'kernel.netem').found.en;
    assert.match(await netem({ [line]: missing }), /^missing/);
    assert.equal(await netem({ [line]: '' }), 'there');
    assert.match(await netem(undefined), /^not known/);
    const modules = { '/lib/modules/6.1.0/modules.dep': 'kernel/net/netfilter/ipvs/ip_vs.ko:' };
    assert.equal(finding(await judged({ files: modules }), 'kernel.ipvs').found.en, 'there');
    assert.match(finding(await judged({}), 'kernel.ipvs').found.en, /^missing/);
  });
});

describe('every finding', () => {
  it('is complete in every language', async () => {
    const tools = { missingPackages: async () => ['x'], findBrowser: async () => noBrowser };
    const { findings } = await judged({ canListen: async () => false }, noNamespaces, tools);
    for (const { id, what, found, why, without, fix } of findings) {
      for (const text of [what, found, why, without, fix?.say].filter(one => one !== undefined)) {
        for (const language of LANGUAGES) assert.notEqual(text[language].trim(), '', id);
      }
      assert.ok(fix === undefined || fix.command || fix.say, `${id}: a fix without anything to do`);
    }
  });
});
