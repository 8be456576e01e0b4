/** The computer itself: processor, memory, disk, rights. */
import type { ComputerFacts } from '../facts.ts';
import type { System } from '../system.ts';

export function gatherComputer(system: System, home: string): ComputerFacts {
  const { platform, arch, release, processors, isRoot } = system;
  const problem = system.writeProblem(home);
  return {
    platform,
    arch,
    release,
    processors,
    memory: memoryOf(system),
    disk: { free: system.diskFree(home) },
    home: { folder: home, ...(problem !== undefined && { problem }) },
    isRoot,
    hasSudo: system.program('sudo') !== undefined,
  };
}

/** A container may have less than the computer that it is on. */
function memoryOf({ memory, read }: System): ComputerFacts['memory'] {
  const total = memory.limit > 0 ? Math.min(memory.limit, memory.total) : memory.total;
  const [, kilobytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(read('/proc/meminfo') ?? '') ?? [];
  const available = kilobytes === undefined ? memory.free : Number(kilobytes) * 1024;
  return { total, available: Math.min(total, available) };
}
