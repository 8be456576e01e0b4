/** The order in which the parts of boxes are made, side by side where they can be. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { packTree } from './archive.ts';
import { type BoxTarget, boxFileName } from './box-names.ts';
import type { BuildOrder } from './build-order.ts';
import { fetchKernel, type Kernel } from './libvirt/kernel.ts';
import { packLibvirtBox } from './libvirt/libvirt-box.ts';
import { packLxcBox } from './lxc-box.ts';
import { copyRoot } from './root/copy-root.ts';
import { makeContainerRoot, makeMachineRoot } from './root/make-root.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

export type Progress = (line: string) => void;

interface Build {
  readonly order: BuildOrder;
  readonly workshop: Workshop;
  readonly progress: Progress;
}

/** Makes the files of all targets in `order.folder`. When one fails, the others are ended first. */
export async function buildTargets(
  order: BuildOrder,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const failure = new AbortController();
  const stop = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])]);
  const build: Build = { order, workshop: openWorkshop(stop), progress };
  const parts: Promise<void>[] = [];
  if (order.targets.some(target => target !== 'docker')) parts.push(buildMachines(build, failure));
  if (order.targets.includes('docker')) parts.push(buildImage(build));
  await allOrNone(parts, failure);
}

async function buildMachines(build: Build, failure: AbortController): Promise<void> {
  const { order, workshop, progress } = build;
  const root = path.join(order.folder, 'machine');
  const wantsKernel = order.targets.includes('libvirt');
  progress('machines: installing Debian into a folder');
  let kernel: Kernel | undefined;
  await makeMachineRoot(workshop, root, order, async () => {
    progress('machines: installed');
    if (!wantsKernel) return;
    const folder = path.join(order.folder, 'kernel');
    kernel = await fetchKernel(workshop, root, folder, order.architecture);
    progress(`machines: fetched kernel ${kernel.version}`);
  });
  // All of it before anything is packed: tar gives up when a file gets another name meanwhile.
  const tree = path.join(order.folder, 'lxc-tree');
  const wantsLxc = order.targets.includes('lxc');
  if (wantsLxc) await copyRoot(workshop, root, path.join(tree, 'rootfs'));
  const parts: Promise<void>[] = [];
  if (wantsLxc) parts.push(packLxc(build, tree));
  if (kernel !== undefined) parts.push(packLibvirt(build, root, kernel));
  await allOrNone(parts, failure);
}

async function packLxc(build: Build, tree: string): Promise<void> {
  await packLxcBox(build.workshop, tree, fileOf(build, 'lxc'), build.order.architecture);
  await tellSize(build, 'lxc');
}

async function packLibvirt(build: Build, root: string, kernel: Kernel): Promise<void> {
  const { architecture } = build.order;
  await packLibvirtBox(build.workshop, root, fileOf(build, 'libvirt'), architecture, kernel);
  await tellSize(build, 'libvirt');
}

async function buildImage(build: Build): Promise<void> {
  const { order, workshop, progress } = build;
  const root = path.join(order.folder, 'container');
  progress('docker: installing Debian into a folder');
  await makeContainerRoot(workshop, root, order);
  progress('docker: installed');
  await packTree(workshop, root, fileOf(build, 'docker'));
  await tellSize(build, 'docker');
}

function fileOf({ order }: Build, target: BoxTarget): string {
  return path.join(order.folder, boxFileName(target, order.architecture));
}

async function tellSize(build: Build, target: BoxTarget): Promise<void> {
  const { size } = await stat(fileOf(build, target));
  build.progress(`${target}: packed, ${(size / 1e6).toFixed(0)} MB`);
}

/** Rejects with the first failure, once all have ended. */
async function allOrNone(parts: readonly Promise<void>[], failure: AbortController): Promise<void> {
  let first: { readonly reason: unknown } | undefined;
  const ends = parts.map(part =>
    part.catch((reason: unknown) => {
      first ??= { reason };
      failure.abort();
    }),
  );
  await Promise.all(ends);
  if (first !== undefined) throw first.reason;
}
