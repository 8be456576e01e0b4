/** Probes are data: what to look for in the history; `judge` gives the verdict. */
export type Probe =
  | {
      readonly kind: 'served';
      readonly by: 'every' | 'only' | 'none';
      readonly machines: readonly string[];
    }
  | { readonly kind: 'status'; readonly code: number }
  | { readonly kind: 'no-failed-request' }
  | {
      readonly kind: 'breaker';
      readonly state: 'open' | 'closed' | 'half-open';
      readonly machine: string;
    }
  | { readonly kind: 'backends'; readonly machines: readonly string[] }
  | {
      readonly kind: 'connect';
      readonly machine: string;
      /** Any of these will do. */
      readonly outcomes: readonly ('connected' | 'refused' | 'unreachable' | 'silent')[];
    }
  | { readonly kind: 'proxy-never-restarted' }
  | { readonly kind: 'direct'; readonly machine: string }
  | { readonly kind: 'pages-differ'; readonly atLeast: number }
  | {
      readonly kind: 'page';
      readonly status: number;
      readonly text: string;
      /** Reason phrase that must reach the browser; any when absent. */
      readonly reason?: string;
    }
  | { readonly kind: 'address-mistake' };
