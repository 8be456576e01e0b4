/** What `ps` says on macOS. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { groupMembers, membersIn } from '../../../vms/programs/process-groups.ts';
import { startInPsLine } from '../../../vms/programs/process-identity.ts';

describe('ps', () => {
  it('tells when a process began, behind its state', () => {
    const began = 'Sun Nov 29 19:21:25 2026';
    assert.equal(startInPsLine(`Ss   ${began}\n`), began);
    assert.equal(startInPsLine(`S+   ${began}`), began, 'its state changes, its start does not');
    assert.equal(startInPsLine(`Z    ${began}`), undefined);
    assert.equal(startInPsLine('\n'), undefined);
  });

  it('tells who belongs to a group', () => {
    const table = '    1     1\n  812   812\n  813   812\n 8120   812\n  900   813\n';
    assert.deepEqual(membersIn(table, 812), [812, 813, 8120]);
    assert.deepEqual(membersIn(table, 5), []);
  });

  const skip = process.platform === 'win32' ? 'Windows has no groups' : false;
  it('does so here, too', { skip }, async () => {
    const child = spawn('sh', ['-c', 'sleep 1000 & echo; wait'], { detached: true });
    await once(child.stdout, 'data');
    const members = groupMembers(child.pid ?? 0, 'darwin');
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'close');
    assert.equal(members.length, 2, members.join());
    assert.ok(members.includes(child.pid ?? 0));
  });

  it('is not asked on Windows', () => assert.deepEqual(groupMembers(812, 'win32'), [812]));
});
