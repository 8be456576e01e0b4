/** The name of a lane, left of it. */
import type { Text } from '../../harness/text.ts';
import { bothInDrawing } from '../html/bilingual.ts';
import type { Html } from '../html/html.ts';

export function laneLabel(text: Text, left: number, y: number): Html {
  return bothInDrawing(text, `x="${left - 12}" y="${y + 4}" class="label"`);
}
