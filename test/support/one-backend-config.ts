/** The config file of a proxy with one listener and one cluster, `web`, that serves every host. */

export interface OneBackendConfig {
  readonly backend: string;
  readonly workers: number;
  /** Default: any free port. */
  readonly port?: number;
  /** Further keys of the top level. */
  readonly more?: string;
}

export function oneBackendConfig({
  backend,
  workers,
  port = 0,
  more = '',
}: OneBackendConfig): string {
  return `
    worker_count = ${workers}
    ${more}
    [[listeners]]
    address = "127.0.0.1:${port}"
    protocol = "http"
    [clusters.web]
    protocol = "http"
    frontends = [{ address = "127.0.0.1:${port}", hostname = "*" }]
    backends = [{ address = "${backend}" }]
  `;
}
