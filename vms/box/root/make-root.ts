/** Makes root file systems: Debian's packages, then what makes a machine of a lab out of them. */
import type { Architecture } from '../box-names.ts';
import type { Workshop } from '../workshop.ts';
import { mmdebstrapArguments } from './mmdebstrap.ts';
import { CONTAINER_PACKAGES, MACHINE_PACKAGES } from './packages.ts';
import { forgetBuild, settleMachine } from './settle.ts';

export interface RootOrder {
  readonly architecture: Architecture;
  /** Default: deb.debian.org. */
  readonly mirror?: string | undefined;
}

/**
 * A system that boots. `fetchMore` is called while the lists of packages are still there.
 */
export async function makeMachineRoot(
  workshop: Workshop,
  target: string,
  order: RootOrder,
  fetchMore: (root: string) => Promise<void>,
): Promise<void> {
  const request = { variant: 'minbase', packages: MACHINE_PACKAGES, keepLists: true } as const;
  await workshop.run(mmdebstrapArguments({ ...request, ...order, target }));
  await fetchMore(target);
  await settleMachine(target, workshop);
}

/** What a container needs: Node and a few tools. */
export async function makeContainerRoot(
  workshop: Workshop,
  target: string,
  order: RootOrder,
): Promise<void> {
  const request = { variant: 'essential', packages: CONTAINER_PACKAGES, keepLists: false } as const;
  await workshop.run(mmdebstrapArguments({ ...request, ...order, target }));
  await forgetBuild(target);
}
