/** Where boxes are kept: outside of the project, for they are large and serve every copy of it. */
import path from 'node:path';

export interface FolderSettings {
  /** The folder with the boxes. */
  readonly RELAIS_BOXES?: string | undefined;
  /** What Vagrant is told as VAGRANT_HOME. */
  readonly RELAIS_VAGRANT_HOME?: string | undefined;
}

/** `home` is the user's. */
export function boxFolder({ RELAIS_BOXES }: FolderSettings, home: string): string {
  return path.resolve(RELAIS_BOXES || path.join(home, '.relais', 'boxes'));
}

/** The kit's own, so that boxes of the user's own projects are neither seen nor touched. */
export function kitVagrantHome({ RELAIS_VAGRANT_HOME }: FolderSettings, home: string): string {
  return path.resolve(RELAIS_VAGRANT_HOME || path.join(home, '.relais', 'vagrant'));
}
