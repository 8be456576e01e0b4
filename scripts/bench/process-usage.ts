/** What a process and its descendants used, from Linux's /proc; undefined elsewhere. */
import { readdir, readFile } from 'node:fs/promises';

export interface Usage {
  /** User and system time since their start. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  /** Of the largest process below the first: a worker. The first itself when it has none. */
  readonly workerRssBytes: number;
}

/** proc(5): USER_HZ is 100 on every Linux that Node runs on. */
const MICROS_PER_TICK = 10_000;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMicros: number;
}

export async function usageOfTree(root: number): Promise<Usage | undefined> {
  const stats = await allStats();
  if (!stats.has(root)) return undefined;
  const tree = [root];
  // The array grows while it is walked: children follow their parents.
  for (const pid of tree) {
    for (const stat of stats.values()) if (stat.parent === pid) tree.push(stat.pid);
  }
  const rss = await Promise.all(tree.map(rssOf));
  return {
    cpuMicros: tree.reduce((sum, pid) => sum + (stats.get(pid)?.cpuMicros ?? 0), 0),
    rssBytes: rss.reduce((sum, bytes) => sum + bytes, 0),
    workerRssBytes: Math.max(...(rss.length > 1 ? rss.slice(1) : rss)),
  };
}

async function allStats(): Promise<Map<number, ProcessStat>> {
  const entries = await readdir('/proc').catch((): string[] => []);
  const texts = await Promise.all(
    entries
      .filter(entry => /^\d+$/.test(entry))
      .map(entry => readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '')),
  );
  return new Map(texts.flatMap(text => parseStat(text) ?? []).map(stat => [stat.pid, stat]));
}

/** proc_pid_stat(5). The second field is the name, in parentheses, and may hold anything. */
export function parseStat(text: string): ProcessStat | undefined {
  const [, pid, rest = ''] = /^(\d+) \(.*\) (.*)$/s.exec(text) ?? [];
  const fields = rest.split(' ').map(Number);
  const [parent, utime, stime] = [fields[1], fields[11], fields[12]];
  if (parent === undefined || utime === undefined || stime === undefined) return undefined;
  return { pid: Number(pid), parent, cpuMicros: (utime + stime) * MICROS_PER_TICK };
}

/** 0 when the process has ended. */
export async function rssOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
