/** A program that saves a small state and then one that its disk has no room for. Says what happened. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { encodeState } from '../../proxy/state/saved-state.ts';
import { findState, saveState } from '../../proxy/state/saved-state-file.ts';
import { stateOf, webRequests } from './some-states.ts';

const [, , file = ''] = process.argv;

function textOf(count: number): string {
  const ports = Array.from({ length: count }, (_, index) => index + 1);
  const state = stateOf(...webRequests(...ports));
  return encodeState(state, state, new Date()).text;
}

await saveState(file, textOf(1));
let code = 'no error';
try {
  await saveState(file, textOf(1000));
} catch (error) {
  code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
const found = findState(file);
const backends = found.ok ? found.value.saved?.state.clusters.get('web')?.backends.size : -1;
const left = readdirSync(path.dirname(file)).filter(name => name.endsWith('.tmp'));
process.stdout.write(`${code}, then ${backends} backend${left.map(name => ` and ${name}`)}\n`);
