/** The steps of virtual-hosts, in their order. */
import type { Step } from '../../harness/lab.ts';
import type { Kit } from '../../harness/words.ts';
import { oneName, secondName } from './names.ts';
import { oldApp } from './old-app.ts';
import { noStar, star } from './star.ts';

export type Words = Kit<'shop' | 'blog' | 'legacy', 'alice' | 'bob' | 'carol' | 'dave' | 'erin'>;

export function steps(words: Words): readonly [Step, ...Step[]] {
  return [oneName(words), secondName(words), star(words), oldApp(words), noStar(words)];
}
