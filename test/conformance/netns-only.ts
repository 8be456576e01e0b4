/** The conformance suite on netns alone: a program of its own, for another user to run. */
import assert from 'node:assert/strict';
import { netns } from '../../vms/netns/provider.ts';
import { testProvider } from './providers/all.ts';

const state = await netns.probe();
assert.ok(state.ready, 'this user may not have namespaces');
testProvider('netns', netns, state);
