/** What every provider promises, on an engine of the kit's own. */
import { docker } from '../../vms/docker/provider.ts';
import { testProvider } from '../conformance/providers/all.ts';

testProvider('docker', docker, await docker.probe());
