/** A program of its own that claims the folder given and keeps it. */
import { claim } from '../../vms/lease.ts';

claim(process.argv[2] ?? '');
console.log('claimed');
setInterval(() => undefined, 60_000);
