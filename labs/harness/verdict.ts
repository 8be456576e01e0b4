/** Three-valued judgement: a check that crashed or saw nothing is `unknown`, never a pass. */
export type Verdict =
  | { readonly kind: 'pass'; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string }
  | { readonly kind: 'fail'; readonly because: string };

const gravity: Readonly<Record<Verdict['kind'], number>> = { pass: 0, unknown: 1, fail: 2 };

/** The gravest verdict; no verdict at all is `unknown`. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  const none: Verdict = { kind: 'unknown', because: 'no check ran' };
  return verdicts.reduce(
    (a, b) => (gravity[b.kind] > gravity[a.kind] ? b : a),
    verdicts[0] ?? none,
  );
}
