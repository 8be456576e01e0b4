/** What every provider promises, by Vagrant with LXC. */
import { vagrantProvider } from '../../vms/vagrant/provider.ts';
import { testProvider } from '../conformance/providers/all.ts';

const engine = 'lxc';
const provider = vagrantProvider({ engine });
const options = { engine, scale: 30, atOnce: 2 };
testProvider('vagrant with lxc', provider, await provider.probe(), options);
