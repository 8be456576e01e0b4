/** The systemd unit of a machine's app: one text for the boxes and for those who set up machines. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const APP_UNIT = 'relais-app.service';

/** The file in the sources; the compiled code lies two folders deeper than they do. */
const APP_UNIT_FILE = path.resolve(import.meta.dirname, '../../../vms/box', APP_UNIT);

export function appUnitText(): string {
  return readFileSync(APP_UNIT_FILE, 'utf8');
}
