/** A program of its own that takes an instance out of the pool in the folder given and keeps it. */
import { InstancePool } from './instance-pool.ts';

const [, , folder = '', ...instances] = process.argv;
const pool = new InstancePool({ folder, instances: instances.map(Number), portsOf: () => [] });
console.log(`took ${await pool.take()}`);
setInterval(() => undefined, 60_000);
