/** What changes between two texts of a file, as `diff -u` shows it. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

export function showTextChange(file: string, before: string, after: string): string {
  return createTwoFilesPatch(file, file, before, after, '', '', {
    context: 2,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
