/** A program of its own: ends with 0 if this user may have namespaces, and says why not. */
import { netns } from '../../vms/netns/provider.ts';

const state = await netns.probe();
if (!state.ready) {
  console.error(`${state.reason}. ${state.fix}`);
  process.exitCode = 1;
}
