/** What the bench found out, and what Relais promises about it. */
export interface Round {
  readonly requestsPerSecond: number;
  readonly cpuMicrosPerRequest: number | undefined;
  readonly rssBytes: number | undefined;
  /** Why the round does not count. */
  readonly invalid: string | undefined;
}

export type PeerResult =
  | { readonly name: string; readonly state: 'missing'; readonly fix: string }
  | { readonly name: string; readonly state: 'failed'; readonly reason: string }
  | { readonly name: string; readonly state: 'measured'; readonly rounds: readonly Round[] };

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Verdict {
  readonly text: string;
  /** Undefined when a peer was not measured. */
  readonly ratio: number | undefined;
  readonly held: boolean;
}

const promises = [
  { peer: 'haproxy', least: 0.7 },
  { peer: 'http-proxy', least: 3 },
] as const;

export function summarize(numbers: readonly number[]): Summary | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (min === undefined || max === undefined || low === undefined || high === undefined) {
    return undefined;
  }
  return { median: (low + high) / 2, min, max };
}

/** The rounds that count; none when the peer was not measured. */
export function validRounds(result: PeerResult | undefined): readonly Round[] {
  return result?.state === 'measured' ? result.rounds.filter(round => !round.invalid) : [];
}

export function throughput(result: PeerResult | undefined): Summary | undefined {
  return summarize(validRounds(result).map(round => round.requestsPerSecond));
}

/** Median of one to median of the other. */
export function ratio(
  results: readonly PeerResult[],
  name: string,
  other: string,
): number | undefined {
  const find = (wanted: string): Summary | undefined =>
    throughput(results.find(result => result.name === wanted));
  const [mine, theirs] = [find(name), find(other)];
  return mine === undefined || theirs === undefined ? undefined : mine.median / theirs.median;
}

export function judge(results: readonly PeerResult[]): Verdict[] {
  return promises.map(({ peer, least }) => {
    const measured = ratio(results, 'relais', peer);
    return {
      text: `relais ≥ ${least} × ${peer}`,
      ratio: measured,
      held: measured !== undefined && measured >= least,
    };
  });
}
