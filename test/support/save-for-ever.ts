/** A program that saves states to the file of its argument without end, for tests that kill it. */
import { encodeState } from '../../proxy/state/saved-state.ts';
import { saveState } from '../../proxy/state/saved-state-file.ts';
import { stateOf, webRequests } from './some-states.ts';

const [, , file = ''] = process.argv;
const states = [1, 100].map(count => {
  const ports = Array.from({ length: count }, (_, index) => index + 1);
  return stateOf(...webRequests(...ports));
});

process.stdout.write('begun\n');
for (;;) {
  for (const state of states) await saveState(file, encodeState(state, state, new Date()).text);
}
