/** What every part of the drawing needs to know. */
import type { HistoryRecord } from '../../harness/history.ts';
import type { Layout } from './layout.ts';
import type { MarkContext } from './marks.ts';
import type { Outage } from './moments.ts';

export interface DrawingContext extends MarkContext {
  readonly history: readonly HistoryRecord[];
  readonly layout: Layout;
  readonly outages: readonly Outage[];
}
