/** Which of Debian's packages a root file system is made of. */
export const MACHINE_PACKAGES: readonly string[] = [
  // Without it, usrmerge comes, and with that the whole of Perl: 60 MB.
  'usr-is-merged',
  'systemd-sysv',
  'udev',
  'openssh-server',
  'sudo',
  'nodejs',
  'iproute2',
  'nftables',
  'iputils-ping',
  'curl',
  'procps',
  'kmod',
  'netbase',
];

/** A container needs no boot and no way in. */
export const CONTAINER_PACKAGES: readonly string[] = [
  'usr-is-merged',
  'nodejs',
  'iproute2',
  'nftables',
  'procps',
];
