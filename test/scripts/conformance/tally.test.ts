/** The table of the conformance script. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  details,
  type Finding,
  type PeerFindings,
  table,
} from '../../../scripts/conformance/tally.ts';

function finding(
  side: Finding['side'],
  category: string,
  kind: Finding['verdict']['kind'],
): Finding {
  return { side, category, name: 'a case', section: 'RFC 9112 §3', verdict: { kind, why: 'so' } };
}

const peer: PeerFindings = {
  peer: 'other',
  crashes: 2,
  findings: [
    finding('requests', 'Host', 'pass'),
    finding('requests', 'Host', 'fail'),
    finding('requests', 'chunks', 'safe'),
    finding('answers', 'ends', 'fail'),
    finding('answers', 'ends', 'fail'),
  ],
};

describe('the table', () => {
  it('counts what passed, was safe, and failed by category, most first', () => {
    const [, , row] = table([peer]).split('\n');
    assert.equal(row, '| other | 1/3 + 1 safe | 0/2 | 2 | ends 2, Host 1 |');
  });

  it('says none when nothing failed', () => {
    const passed = { ...peer, crashes: 0, findings: [finding('requests', 'Host', 'pass')] };
    assert.match(table([passed]), /\| other \| 1\/1 \| 0\/0 \| 0 \| none \|$/);
  });

  it('shows the cases that are asked for', () => {
    assert.equal(
      details(peer, ['safe']),
      'other | safe | requests | chunks | a case (RFC 9112 §3) | so',
    );
  });
});
