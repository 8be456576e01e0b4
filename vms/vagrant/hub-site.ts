/** A hub of this room in which an engine lives, among folders of its own instead of the system's. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { besideEngines, insideEngineHub, makeEngineHub } from '../hub-network/engine-hub.ts';
import { ipBatch } from '../hub-network/ip-batch.ts';
import { livingHub } from '../hub-network/namespace.ts';
import type { LeaseFolder } from '../lease.ts';
import { mustRun } from '../programs/command.ts';
import type { Marks } from '../programs/marked-processes.ts';
import type { ProcessIdentity } from '../programs/process-identity.ts';
import { engineFolder } from './room-paths.ts';

export class HubSite {
  readonly subnet: string;
  readonly lease: LeaseFolder;
  readonly marks: Marks;
  readonly #hub: ProcessIdentity;

  constructor(hub: ProcessIdentity, subnet: string, lease: LeaseFolder, marks: Marks) {
    this.#hub = hub;
    this.subnet = subnet;
    this.lease = lease;
    this.marks = marks;
  }

  get hub(): ProcessIdentity {
    return livingHub(this.#hub, this.lease.folder);
  }

  inside(argv: readonly string[], cwd?: string): readonly string[] {
    return insideEngineHub(this.hub, argv, cwd);
  }

  beside(argv: readonly string[]): readonly string[] {
    return besideEngines(this.hub, argv);
  }

  async ip(lines: readonly string[]): Promise<void> {
    await ipBatch(this.hub, 'root', lines, this.marks);
  }
}

/**
 * Makes the hub; each of these folders of the system is inside one of the room's, told by its
 * name there: `{'/var/lib/lxc': 'lxc'}`.
 */
export async function makeHubSite(
  subnet: string,
  lease: LeaseFolder,
  marks: Marks,
  folders: Readonly<Record<string, string>>,
): Promise<HubSite> {
  const hub = await makeEngineHub(lease, { marks });
  const site = new HubSite(hub, subnet, lease, marks);
  for (const [target, name] of Object.entries(folders)) {
    const own = path.join(engineFolder(lease.folder), name);
    mkdirSync(own, { recursive: true });
    await mustRun(site.inside(['mkdir', '-p', target]), { env: marks });
    await mustRun(site.inside(['mount', '--bind', own, target]), { env: marks });
  }
  return site;
}
