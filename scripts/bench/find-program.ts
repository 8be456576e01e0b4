/** Where a program is. */
import { which } from 'zx';

export async function onPath(name: string): Promise<string | undefined> {
  return (await which(name, { nothrow: true })) ?? undefined;
}
