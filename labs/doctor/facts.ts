/** What the doctor knows of a computer. Plain data: any computer can be written down and judged. */
import type { FailureVerb } from '../../vms/machine.ts';
import type { Readiness } from '../../vms/provider.ts';

export interface Facts {
  /** Version of the kit. */
  readonly kit: string;
  readonly node: { readonly version: string; readonly arch: string };
  readonly computer: ComputerFacts;
  /** Absent where there is no Linux kernel; so are the next two elsewhere. */
  readonly linux?: LinuxFacts;
  readonly mac?: MacFacts;
  readonly windows?: WindowsFacts;
  readonly tools: ToolFacts;
  readonly machines: readonly MachinesFact[];
  /** What each lab asks of the machines. */
  readonly labs: readonly { readonly id: string; readonly failures: readonly FailureVerb[] }[];
  readonly proxy: TrialFact;
  readonly browser: BrowserFact;
  readonly instance: InstanceFact;
  readonly names: NameFacts;
  readonly terminal: TerminalFacts;
  readonly leftOvers: readonly LeftOver[];
  /** Only when it was asked for. */
  readonly online?: readonly OnlineFact[];
}

export interface ComputerFacts {
  readonly platform: NodeJS.Platform;
  /** Of the operating system, not of Node: 'arm64', 'x64', … */
  readonly arch: string;
  readonly release: string;
  readonly processors: number;
  /** Bytes. `available`: what could be had without swapping. */
  readonly memory: { readonly total: number; readonly available: number };
  /** The disk under the kit's own folder `home`, in bytes. */
  readonly disk: { readonly free: number | undefined };
  /** The folder of runs and instances; `problem`: why nothing can be written there. */
  readonly home: { readonly folder: string; readonly problem?: string };
  readonly isRoot: boolean;
  readonly hasSudo: boolean;
}

export interface LinuxFacts {
  readonly distribution: { readonly id: string; readonly like: string; readonly name: string };
  readonly wsl?: 1 | 2;
  /** The kit lies on a Windows drive that WSL shows. */
  readonly onWindowsDrive: boolean;
  /** Who made the container that this is in: 'docker', 'podman', … */
  readonly container?: string;
  /** Of this process; an ordinary user's are none. */
  readonly capabilities: readonly Capability[];
  readonly userNamespaces: {
    /** `user.max_user_namespaces`; undefined where the kernel knows no such limit. */
    readonly most: number | undefined;
    /** `kernel.unprivileged_userns_clone`, Debian's own switch. */
    readonly allowed: boolean;
    /** `kernel.apparmor_restrict_unprivileged_userns`, Ubuntu's since 23.10. */
    readonly restrictedByAppArmor: boolean;
  };
  readonly kvm: KvmFacts;
  readonly netem: 'there' | 'missing' | 'unknown';
  readonly ipvs: 'there' | 'missing';
  readonly controlGroups: 1 | 2 | undefined;
  readonly systemd: boolean;
}

export const CAPABILITIES = [
  'cap_net_admin',
  'cap_net_raw',
  'cap_sys_admin',
  'cap_sys_resource',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

export interface KvmFacts {
  /** `closed`: it is there, and this user may not open it. */
  readonly device: 'absent' | 'closed' | 'opens';
  /** Does the processor tell that it can (vmx, svm; always said of arm64)? */
  readonly processor: boolean;
  /** PVM: a hypervisor in software that runs guests made for it, and no others. */
  readonly pvm: boolean;
}

export interface MacFacts {
  /** Does it answer on 127.0.0.2 as well? macOS does not unless it was told to. */
  readonly manyAddresses: boolean;
  /** Node is an Intel program on an Apple processor. */
  readonly nodeIsTranslated: boolean;
}

export interface WindowsFacts {
  /** Windows itself runs on a hypervisor: Hyper-V, WSL2 or Device Guard. */
  readonly hypervisor: boolean | undefined;
  readonly memoryIntegrity: boolean | undefined;
  readonly wslInstalled: boolean;
}

export type PackageNeed = 'vagrant' | 'lxc' | 'libvirt' | 'docker';

/** undefined: not found. An empty version: found, and it does not say which. */
export interface ToolFacts {
  readonly versions: Readonly<Record<string, string | undefined>>;
  /** Debian packages that are wanting for machines of each kind; absent where there is no Linux. */
  readonly missingPackages?: Readonly<Record<PackageNeed, readonly string[]>>;
  /** `/etc/vbox/networks.conf`: where VirtualBox gives addresses; undefined: its default. */
  readonly virtualBoxRanges?: readonly string[];
  readonly vagrantBoxes: readonly VagrantBox[];
}

export interface VagrantBox {
  readonly name: string;
  readonly provider: string;
  /** 'amd64', 'arm64', …; undefined where the box does not say. */
  readonly architecture?: string;
}

/** What came of a trial: something was really started and asked. */
export type TrialFact =
  | { readonly outcome: 'works'; readonly tookMs: number; readonly note?: string }
  | { readonly outcome: 'fails'; readonly tookMs: number; readonly said: string }
  /** `unready`: it could not have worked. `costly`: it takes long, and nobody asked for it. */
  | { readonly outcome: 'untried'; readonly why: 'unready' | 'costly' | 'unwanted' };

export interface MachinesFact {
  readonly name: string;
  readonly readiness: Readiness;
  readonly trial: TrialFact;
  /** Failures that are not done truly on such machines. */
  readonly imitated: readonly FailureVerb[];
}

export interface BrowserFact {
  readonly found: boolean;
  readonly name?: string;
  readonly version?: string;
  readonly executablePath?: string;
  /** As the search for one told it, in English. */
  readonly reason?: string;
  /** `RELAIS_BROWSER` names one: no other is taken. */
  readonly isNamed: boolean;
  readonly trial: TrialFact;
}

export interface InstanceFact {
  readonly instance: number;
  /** A lab runs there: the ports are taken by right. */
  readonly labRuns: boolean;
  readonly ports: readonly PortFact[];
}

export interface PortFact {
  readonly port: number;
  readonly free: boolean;
  readonly holder?: PortHolderFact;
}

/** Never its command line: secrets stand in those. `lab`: the folder of the lab that it belongs to. */
export interface PortHolderFact {
  readonly pid: number;
  readonly name: string;
  readonly lab?: string;
}

export interface NameFacts {
  /** What the file of hosts says of `localhost`. */
  readonly localhost: readonly string[];
  /** Do `shop.localhost` and the like lead here for every program, not for browsers alone? */
  readonly subdomains: boolean;
}

export interface TerminalFacts {
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly utf8: boolean;
  readonly kind: string;
}

export interface LeftOver {
  readonly instance: number;
  readonly things: readonly string[];
  /** The run that uses it now. */
  readonly owner?: number;
  /** Left running by `lab up` or `--keep`: nothing went wrong. */
  readonly onPurpose: boolean;
}

export interface OnlineFact {
  /** Host name of a download place that the user's own configuration names. */
  readonly host: string;
  readonly use: 'npm' | 'apt';
  readonly problem?: string;
}
