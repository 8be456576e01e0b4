/** What Vagrant, its plug-ins and the engines say when they fail, by the words they use; data. */

export interface KnownError {
  /** For branching and for tests. */
  readonly kind: string;
  /** In the words of whoever says it. Lines may be broken anywhere: a blank stands for any space. */
  readonly says: RegExp;
  readonly cause: string;
  readonly fix: string;
}

/** The first that fits counts: a full disk or a missing bridge shows through other errors. */
export const KNOWN_ERRORS: readonly KnownError[] = [
  {
    kind: 'no-node',
    says: /RELAIS-NO-NODE/,
    cause: 'The box has no Node, and nothing is downloaded while a lab runs.',
    fix: 'Make a box that has it, as vms/box/README.md says, and name it: --box NAME.',
  },
  {
    kind: 'disk-full',
    says: /VERR_DISK_FULL|No space left on device|ENOSPC/,
    cause: 'The disk is full: that of this computer, or of the machine if its command says so.',
    fix: 'Make room (a machine takes up to 1 GB) and take away what failed: lab clean.',
  },
  {
    kind: 'address-range',
    says: /IP address configured for the host-only network is not within the allowed ranges|"hostonlyif".*E_ACCESSDENIED/,
    cause: 'Since version 6.1.28 VirtualBox allows only 192.168.56.0/21 for such networks.',
    fix: 'Keep to the addresses of the plan, or allow others in /etc/vbox/networks.conf.',
  },
  {
    kind: 'virtualisation-disabled',
    says: /VERR_VMX_MSR_ALL_VMX_DISABLED|VERR_VMX_MSR_VMX_DISABLED|VERR_SVM_DISABLED/,
    cause: "The processor's virtualisation (VT-x, AMD-V) is switched off in the firmware.",
    fix: 'Switch it on in the BIOS or UEFI set-up, or run the lab without: --machines process.',
  },
  {
    kind: 'virtualisation-taken',
    says: /VERR_VMX_IN_VMX_ROOT_MODE|VERR_SVM_IN_USE/,
    cause: "KVM holds the processor's virtualisation, and VirtualBox cannot share it.",
    fix: 'Unload it (sudo modprobe -r kvm_intel kvm_amd), or use libvirt, which runs on KVM.',
  },
  {
    kind: 'virtualisation-hidden',
    says: /VERR_NEM_NOT_AVAILABLE|VERR_NEM_VM_CREATE_FAILED|VERR_VMX_NO_VMX|VERR_SVM_NO_SVM/,
    cause:
      "VirtualBox does not get the processor's virtualisation: Hyper-V (also behind WSL 2, Docker " +
      'Desktop and Device Guard) has it, or this computer is itself a virtual machine.',
    fix: 'Windows: bcdedit /set hypervisorlaunchtype off, then restart. Or: --machines process.',
  },
  {
    kind: 'wrong-architecture',
    says: /VBOX_E_PLATFORM_ARCH_NOT_SUPPORTED|platform architecture \S+ is not supported on/,
    cause: 'The box is for another processor (amd64 on an arm64 computer, or the reverse).',
    fix: 'Take a box for this one; on Apple silicon with VirtualBox 7.1.6 and Vagrant 2.4 or later.',
  },
  {
    kind: 'kernel-module',
    says: /VirtualBox is complaining that the (kernel module is not loaded|installation is incomplete)/,
    cause: "VirtualBox's kernel module (vboxdrv) is not loaded: often after a new kernel.",
    fix: 'sudo /sbin/vboxconfig; with Secure Boot its module must be signed. VBoxManage --version tells.',
  },
  {
    kind: 'virtualbox-version',
    says: /you have a version of VirtualBox installed that is not supported by this version of Vagrant/,
    cause: 'This Vagrant is older than this VirtualBox.',
    fix: 'Install a Vagrant that knows it, or one of the VirtualBox versions that are named above.',
  },
  {
    kind: 'no-virtualbox',
    says: /could not detect VirtualBox|No such file or directory - VBoxManage|"VBoxManage" command or one of its dependencies could not be found/,
    cause: 'VirtualBox is not installed, or VBoxManage is not on PATH.',
    fix: 'Install VirtualBox, or take another engine (libvirt, lxc) or --machines netns or process.',
  },
  {
    kind: 'no-engine',
    says: /No usable default provider could be found for your system/,
    cause: 'Vagrant is there, but nothing that it could make machines with.',
    fix: 'Install VirtualBox, or on Debian: apt-get install vagrant-libvirt, or vagrant-lxc.',
  },
  {
    kind: 'no-plugin',
    says: /The provider '\S+' could not be found, but was requested to back|The plugin '\S+' is not currently installed/,
    cause: "Vagrant's plug-in for this engine is not installed.",
    fix: 'On Debian: apt-get install vagrant-libvirt, or vagrant-lxc; else: vagrant plugin install NAME.',
  },
  {
    kind: 'no-box',
    says: /The box '\S+' (could not be found or could not be accessed|does not exist|isn't installed for the provider)|The box '\S+' \(v\S+\) with provider '\S+' could not be found/,
    cause: 'The box was not added on this computer, and none is fetched while a lab runs.',
    fix: 'Add it beforehand: npm run box:build and npm run box:add, or vagrant box add FILE --name NAME.',
  },
  {
    kind: 'box-without-engine',
    says: /box you're attempting to add doesn't support the provider you requested|has no available version that matches the constraints/,
    cause: 'There is no such box for this engine and this processor.',
    fix: 'Build one (npm run box:build, vms/box/README.md), or name another: --box NAME.',
  },
  {
    kind: 'port-taken',
    says: /would collide with some other application that is already listening on these ports/,
    cause: 'Another program has the port on this computer: another lab, or a machine left running.',
    fix: 'lab clean shows what labs left; --instance 1 runs beside them with other ports.',
  },
  {
    kind: 'locked',
    says: /Vagrant can't use the requested machine because it is locked|another process is already executing an action on the machine/,
    cause: 'Another vagrant works on this machine at this moment.',
    fix: 'Wait for its end, or end it: it is the process "vagrant" or "ruby" in the list of processes.',
  },
  {
    kind: 'never-answers',
    says: /Timed out while waiting for the machine to boot|Vagrant timed out while attempting to connect via SSH/,
    cause:
      'The machine was started and its ssh never answered: it hangs, or its network does not work.',
    fix: 'Look at its screen in the engine, destroy it (vagrant destroy -f NAME) and try again.',
  },
  {
    kind: 'ssh-refused',
    says: /SSH authentication failed!/,
    cause: "The machine does not take Vagrant's key.",
    fix: 'Use a box with the user vagrant and the public insecure key, as boxes of box:build have.',
  },
  {
    kind: 'no-ssh',
    says: /`ssh` binary could not be found|`ssh` executable not found/,
    cause: 'This computer has no ssh.',
    fix: 'On Debian: apt-get install openssh-client; Windows: the optional feature OpenSSH Client.',
  },
  {
    kind: 'libvirt-permission',
    says: /Failed to connect socket to '\S+': Permission denied/,
    cause: 'libvirt runs, and this user may not use it.',
    fix: 'sudo usermod -aG libvirt $USER, then log in anew; or run the lab as root.',
  },
  {
    kind: 'no-libvirtd',
    says: /Failed to connect socket to '\S+': (No such file or directory|Connection refused)/,
    cause: 'libvirtd does not run.',
    fix: 'sudo systemctl start libvirtd; on Debian it is in libvirt-daemon-system.',
  },
  {
    kind: 'libvirt-network',
    says: /Address \S+ does not match with network name \S+|Network \S+ exists but does not have dhcp|network is already in use by interface/,
    cause: 'A network of an earlier run, or of another program, is in the way.',
    fix: 'virsh net-list --all shows it; lab clean takes away what labs left.',
  },
  {
    kind: 'no-lxc',
    says: /The `lxc` package does not seem to be installed/,
    cause: 'LXC is not installed, or may not be used: its plug-in works through sudo.',
    fix: 'On Debian: apt-get install lxc bridge-utils sudo; then run the lab as root.',
  },
  {
    kind: 'no-bridge',
    says: /bridge interface doesn't exist/,
    cause: 'The bridge that the containers are plugged in is not there.',
    fix: 'lab clean, then start anew: the kit makes the bridge with the first machine.',
  },
  {
    kind: 'lxc-start',
    says: /There was an error executing \[[^\]]*"lxc-start"/,
    cause: 'LXC could not start the container; it says why only in its log.',
    fix: 'Run it by hand: sudo lxc-start -F -n CONTAINER, with the name that stands above.',
  },
  {
    kind: 'name-taken',
    says: /A VirtualBox machine with the name '[^']+' already exists|reporting another VM with that name already exists|of domain about to create is already taken|There is container on your system with the same name|Volume for domain is already created/,
    cause: 'A machine of that name is there already: an earlier run was cut off.',
    fix: 'lab clean shows what labs left and takes it away.',
  },
  {
    kind: 'machine-gone',
    says: /Could not find a registered machine (with UUID|named)|no domain with matching (uuid|name)|Your VM has become "inaccessible\."/,
    cause: 'The machine that Vagrant remembers was taken away without it.',
    fix: 'vagrant destroy -f NAME forgets it (or remove its folder under .vagrant); then start it anew.',
  },
  {
    kind: 'other-user',
    says: /VirtualBox VM was created with a user that doesn't match the current user/,
    cause: 'Another user of this computer made the machine.',
    fix: 'Run the command as that user, or remove .vagrant in the folder of the lab and start anew.',
  },
  {
    kind: 'index-corrupt',
    says: /The machine index which stores all required information about running Vagrant environments has become corrupt/,
    cause: "Vagrant's own list of machines was cut off while it was written.",
    fix: 'Remove the file that is named above; lab clean finds the machines without it.',
  },
  {
    kind: 'vagrantfile',
    says: /There is a syntax error in the following Vagrantfile|There was an error loading a Vagrantfile/,
    cause: 'The Vagrantfile in the folder of the lab was changed, and is no Ruby any more.',
    fix: 'Undo the change, or start the lab anew: it copies vms/Vagrantfile there.',
  },
];
