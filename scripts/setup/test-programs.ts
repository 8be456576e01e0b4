/** Programs that some tests need and a user does not: got where that is possible, else those tests say so. */
import { canInstallPackages, installPackages } from '../../vms/apt.ts';
import { hasProgram } from '../../vms/programs/locate.ts';

/** By Debian package. */
const programs: Readonly<Record<string, string>> = {
  fish: 'fish',
  'nginx-light': 'nginx',
  wrk: 'wrk',
  zsh: 'zsh',
};

export async function getTestPrograms(say: (line: string) => void): Promise<void> {
  const missing: string[] = [];
  for (const [name, program] of Object.entries(programs)) {
    if (!(await hasProgram(program))) missing.push(name);
  }
  if (missing.length === 0 || !(await canInstallPackages())) return;
  try {
    await installPackages(missing, say);
  } catch (error) {
    say(`! ${(error as Error).message}\nThe tests that need ${missing.join(', ')} are skipped.`);
  }
}
