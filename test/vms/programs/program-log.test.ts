import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { lastLines, logLength, logTail } from '../../../vms/programs/program-log.ts';
import { openTestFolder } from '../../support/machines.ts';

it('logTail shows the last lines of the last start only', async () => {
  const { folder, remove } = openTestFolder();
  const file = path.join(folder, 'app.log');
  assert.equal(logLength(file), 0);
  assert.equal(logTail(file), '(it printed nothing)');
  appendFileSync(file, 'first start: 🌍\n');
  const since = logLength(file);
  assert.equal(logTail(file, since), '(it printed nothing)');
  appendFileSync(file, 'second start\nno such module\n');
  assert.equal(logTail(file, since), 'second start\nno such module');
  assert.equal(lastLines(logTail(file, since), 1), 'no such module');
  await remove();
});
