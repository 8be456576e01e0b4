/** What is built, for which engine, and what the files are called. */
export const DEBIAN_RELEASE = 'bookworm';

export const BOX_TARGETS = ['lxc', 'libvirt', 'docker'] as const;
/** `docker` is no box but an image, which the docker provider imports itself. */
export type BoxTarget = (typeof BOX_TARGETS)[number];

/** As Debian calls processors. */
export type Architecture = 'amd64' | 'arm64';

export function boxFileName(target: BoxTarget, architecture: Architecture): string {
  const ending = target === 'docker' ? 'docker.tar.gz' : `${target}.box`;
  return `debian-${architecture}-${ending}`;
}

export const CHECKSUM_FILE = 'SHA256SUMS';

/** undefined for a processor for which there is no box. */
export function architectureOf(arch: NodeJS.Architecture): Architecture | undefined {
  if (arch === 'x64') return 'amd64';
  return arch === 'arm64' ? 'arm64' : undefined;
}
