/** The variables of an app as systemd reads them from an EnvironmentFile. */

/** As vms/Vagrantfile writes them, so that nothing is written twice. */
export function environmentFile(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}="${value.replaceAll(/["\\$`]/g, '\\$&')}"\n`)
    .join('');
}
