/**
 * Machines as they are on Windows, with its tools played by small programs: nothing is inherited,
 * no signal is sent, every address refuses. What the real tools make of it is not tested here.
 */
import path from 'node:path';
import { describe } from 'node:test';
import { REFUSING_NETWORK } from '../../vms/process/addresses.ts';
import { processProvider } from '../../vms/process/provider.ts';
import { testDeploy } from './providers/deploy.ts';
import { testFailures } from './providers/failures.ts';
import { testHub } from './providers/hub-programs.ts';

const tools = path.resolve(import.meta.dirname, '../../../test/fixtures/windows-tools');
process.env['PATH'] = `${tools}${path.delimiter}${process.env['PATH']}`;

/** The other parts of the contract are the room's, and do not know the system. */
describe('provider process as on Windows', () => {
  const provider = processProvider(REFUSING_NETWORK, 'win32');
  testDeploy(provider);
  testFailures(provider);
  testHub(provider, false);
});
