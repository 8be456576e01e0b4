/** What every part of the screen is drawn with. */
import type { Language, Text } from '../../harness/text.ts';
import { clean } from './cells.ts';
import type { Ink } from './ink.ts';

export interface Brush {
  readonly ink: Ink;
  readonly language: Language;
  readonly columns: number;
}

export function say({ language }: Brush, text: Text): string {
  return clean(text[language]);
}
