/** `--fix` does nothing without consent, and only what it may. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Deed, type Finding, type FindingState, same } from '../../../labs/doctor/finding.ts';
import { mend } from '../../../labs/doctor/mend/mend.ts';

const packages: Deed = { kind: 'packages', packages: ['iproute2'] };
const sweep: Deed = { kind: 'sweep', instance: 3 };

function finding(state: FindingState, deed?: Deed): Finding {
  const fix = { command: `do ${state}`, ...(deed && { deed }) };
  return { id: state, what: same(state), state, found: same('so'), fix };
}

async function mended(
  findings: readonly Finding[],
  consent: (isNeeded: boolean) => 'yes' | 'no' | 'nobody',
  perform: (deed: Deed) => Promise<void> = async () => {},
) {
  const performed: Deed[] = [];
  let said = '';
  const result = await mend(findings, {
    say: text => {
      said += `${text.en}\n`;
    },
    consent: async isNeeded => consent(isNeeded),
    perform: deed => {
      performed.push(deed);
      return perform(deed);
    },
  });
  return { ...result, performed, said };
}

describe('mend', () => {
  const both = [finding('missing', packages), finding('limited', sweep)];

  it('does what was agreed to, in order', async () => {
    const { done, performed, said } = await mended(both, () => 'yes');
    assert.equal(done, 2);
    assert.deepEqual(performed, [sweep, packages], 'first what costs nothing');
    assert.ok(said.indexOf('do limited') < said.indexOf('Done.'), 'shown before it is done');
  });

  it('does nothing without consent', async () => {
    for (const answer of ['no', 'nobody'] as const) {
      const { done, performed, said } = await mended(both, () => answer);
      assert.deepEqual({ done, performed }, { done: 0, performed: [] });
      assert.match(said, /do missing/);
      assert.equal(/Say --yes/.test(said), answer === 'nobody');
    }
  });

  it('tells what it may not do itself', async () => {
    const { performed, said } = await mended([finding('limited')], () => 'yes');
    assert.deepEqual(performed, []);
    assert.match(said, /do limited\n {2}This is left to you/);
  });

  it('asks about what nobody needs as such, and leaves alone what is not broken', async () => {
    const asked: boolean[] = [];
    const fine = (['ready', 'untried', 'told'] as const).map(state => finding(state, packages));
    const optional = finding('optional', packages);
    const { performed } = await mended([...fine, optional, both[0] ?? optional], isNeeded => {
      asked.push(isNeeded);
      return isNeeded ? 'yes' : 'no';
    });
    assert.deepEqual(asked, [true, false]);
    assert.deepEqual(performed, [packages]);
  });

  it('goes on after a failure, and counts it', async () => {
    const { done, failed, said } = await mended(
      both,
      () => 'yes',
      deed =>
        deed.kind === 'packages' ? Promise.reject(new Error('no mirror')) : Promise.resolve(),
    );
    assert.deepEqual({ done, failed }, { done: 1, failed: 1 });
    assert.match(said, /It failed: no mirror/);
  });

  it('says when there is nothing to mend', async () => {
    const { said } = await mended([finding('ready')], () => 'yes');
    assert.match(said, /nothing to mend/);
  });
});
