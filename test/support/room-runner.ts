/**
 * A program of its own that runs a lab and never ends it: `room-runner PROVIDER FOLDER SUBNET [ENGINE]`.
 * It says what it has done on its output, so that tests can kill it at any of these moments.
 */
import path from 'node:path';
import { claim } from '../../vms/lease.ts';
import { providerNamed } from '../../vms/registry.ts';

const [name = '', folder = '', subnet = '', engine = ''] = process.argv.slice(2);
const programs = path.resolve(import.meta.dirname, '../../../test/fixtures/programs');
const app = { file: path.join(programs, 'machine-app.cjs'), version: 'v1' };

claim(folder);
console.log('claimed');
const room = await providerNamed(name).open({
  folder,
  subnet,
  label: 'a lab to be killed',
  ...(engine !== '' && { engine }),
});
console.log('opened');
await Promise.all(
  [21, 22].map(async host => {
    const machine = `webapp${host - 20}`;
    await room.up({ name: machine, ip: `${subnet}.${host}`, port: 8080, forwardedPort: 0, app });
    console.log(`${machine} up`);
  }),
);
await room.spawnHub({
  name: 'proxy',
  file: process.execPath,
  args: [app.file],
  env: { HOST: room.hubAddress, PORT: '0' },
  sockets: [{ host: '127.0.0.1', port: 0 }],
});
console.log('ready');
setInterval(() => undefined, 60_000);
