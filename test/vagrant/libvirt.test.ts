/** What every provider promises, by Vagrant with libvirt: mostly emulated, so it takes minutes. */
import { vagrantProvider } from '../../vms/vagrant/provider.ts';
import { testProvider } from '../conformance/providers/all.ts';

const engine = 'libvirt';
const provider = vagrantProvider({ engine });
const options = { engine, scale: 100, shared: true, atOnce: 2 };
testProvider('vagrant with libvirt', provider, await provider.probe(), options);
