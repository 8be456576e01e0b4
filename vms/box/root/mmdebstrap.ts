/** The command line that makes a root file system out of Debian's packages. */
import { type Architecture, DEBIAN_RELEASE } from '../box-names.ts';

export interface RootRequest {
  /** A folder that is not there yet, or a file that ends with .tar. */
  readonly target: string;
  /** `minbase` has apt, `essential` has not. */
  readonly variant: 'minbase' | 'essential';
  readonly packages: readonly string[];
  readonly architecture: Architecture;
  /** Debian's mirror; without one, deb.debian.org with its updates and security updates. */
  readonly mirror?: string | undefined;
  /** Are the lists of packages wanted afterwards? */
  readonly keepLists: boolean;
}

/** Nobody reads these on a machine of a lab; copyright notices have to stay. */
const LEFT_OUT = [
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/locale/*',
  'path-exclude=/usr/include/*',
];

export function mmdebstrapArguments(request: RootRequest): readonly string[] {
  return [
    'mmdebstrap',
    '--mode=root',
    `--variant=${request.variant}`,
    `--architectures=${request.architecture}`,
    `--include=${request.packages.join(',')}`,
    '--components=main',
    '--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
    ...LEFT_OUT.map(option => `--dpkgopt=${option}`),
    // A build that is cut short is thrown away: no file has to be on the disk before the next.
    '--dpkgopt=force-unsafe-io',
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    ...(request.keepLists ? ['--skip=cleanup/apt/lists'] : []),
    DEBIAN_RELEASE,
    request.target,
    ...(request.mirror === undefined ? [] : [request.mirror]),
  ];
}
