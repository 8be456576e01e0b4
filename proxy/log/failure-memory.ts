/**
 * The last requests that went wrong, for `relais why`. What the proxy or a backend failed at is kept
 * apart from what a client was refused: a scanner's hundred 404 a second push out no 503.
 */
import type { FailureStory } from '../command/failure-stories.ts';

/** Of each sort. */
export const KEPT_STORIES: number = 1000;

export class FailureMemory {
  private readonly failed: Ring;
  private readonly refused: Ring;

  constructor(kept: number = KEPT_STORIES) {
    this.failed = new Ring(kept);
    this.refused = new Ring(kept);
  }

  get size(): number {
    return this.failed.size + this.refused.size;
  }

  add(story: FailureStory): void {
    const isRefusal = story.attempts.length === 0 && story.status < 500;
    (isRefusal ? this.refused : this.failed).add(story);
  }

  /** The latest one with this id: a client may send the same id again. */
  find(requestId: string): FailureStory | undefined {
    return (
      this.failed.latest(story => story.requestId === requestId) ??
      this.refused.latest(story => story.requestId === requestId)
    );
  }

  /** The latest that failed; one that was refused only when none failed. */
  last(): FailureStory | undefined {
    return this.failed.latest(() => true) ?? this.refused.latest(() => true);
  }
}

class Ring {
  private readonly stories: FailureStory[] = [];
  private readonly kept: number;
  private next = 0;

  constructor(kept: number) {
    this.kept = kept;
  }

  get size(): number {
    return this.stories.length;
  }

  add(story: FailureStory): void {
    this.stories[this.next] = story;
    this.next = (this.next + 1) % this.kept;
  }

  latest(fits: (story: FailureStory) => boolean): FailureStory | undefined {
    for (let back = 1; back <= this.stories.length; back++) {
      const story = this.stories[(this.next - back + this.kept) % this.kept];
      if (story !== undefined && fits(story)) return story;
    }
    return undefined;
  }
}
