/** What Vagrant drives here, and the box that each of them starts from unless told otherwise. */

/** Vagrant says "provider"; in this project that word is taken. */
export const ENGINE_NAMES = [
  'virtualbox',
  'libvirt',
  'lxc',
  'vmware_desktop',
  'parallels',
] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface Box {
  readonly name: string;
  /** Absent: the newest version that was added; a box that was built here has none. */
  readonly version?: string;
}

/**
 * The public box is for amd64 and arm64, and has no Node: a class makes its own box out of it
 * beforehand (vms/box/README.md). Looked up on 2026-11-29; its registry closes on 2026-12-31.
 */
export const PUBLIC_BOX: Box = { name: 'bento/debian-13', version: '202510.26.0' };

/** What `npm run box:build` makes. */
export const OWN_BOX: Box = { name: 'relais/debian' };

export const DEFAULT_BOXES: Readonly<Record<EngineName, Box>> = {
  virtualbox: PUBLIC_BOX,
  libvirt: OWN_BOX,
  lxc: OWN_BOX,
  vmware_desktop: PUBLIC_BOX,
  parallels: PUBLIC_BOX,
};
