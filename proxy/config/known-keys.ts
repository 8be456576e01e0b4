/**
 * Every key that the two dialects of the file know, and what becomes of it here. This table is the
 * only place that decides: a key is used, has no effect (said in a note), or stops the start
 * because ignoring it would change what the operator relies on.
 */
export type KeyRule =
  | 'used'
  | { readonly noEffect: string }
  | { readonly refused: string; readonly unless?: unknown; readonly why?: string };

export type KeyTable = Readonly<Record<string, KeyRule>>;

const nodeOwnsBuffers: KeyRule = { noEffect: 'buffers are sized by the runtime' };
const noTls: KeyRule = { refused: 'TLS is not available; remove this key' };
const noAuth: KeyRule = { refused: 'there is no authentication; the cluster would be open' };

const timeouts: KeyTable = {
  front_timeout: 'used',
  back_timeout: 'used',
  connect_timeout: 'used',
  request_timeout: 'used',
  try_deadline: 'used',
  max_connections: 'used',
};

export const topLevelKeys: KeyTable = {
  ...timeouts,
  command_socket: 'used',
  log_level: 'used',
  log_target: 'used',
  worker_count: 'used',
  saved_state: 'used',
  automatic_state_save: 'used',
  listeners: 'used',
  clusters: 'used',
  http: 'used',
  applications: 'used',
  metrics: 'used',
  admin: 'used',
  command_buffer_size: nodeOwnsBuffers,
  max_command_buffer_size: nodeOwnsBuffers,
  min_buffers: nodeOwnsBuffers,
  max_buffers: nodeOwnsBuffers,
  buffer_size: nodeOwnsBuffers,
  slab_entries_per_connection: nodeOwnsBuffers,
  splice_pipe_capacity_bytes: nodeOwnsBuffers,
  handle_process_affinity: { noEffect: 'the kernel places the workers' },
  worker_automatic_restart: { refused: 'workers are always restarted', unless: true },
  worker_timeout: 'used',
  orphan_timeout: 'used',
  ctl_command_timeout: { noEffect: 'the command line takes --timeout' },
  ctl_commands_timeout: { noEffect: 'the command line takes --timeout' },
  log_colored: { noEffect: 'the log has no colours' },
  access_logs_target: 'used',
  access_logs_format: 'used',
  access_logs_colored: { noEffect: 'the log has no colours' },
  audit_logs_target: 'used',
  audit_logs_json_target: 'used',
  disable_cluster_metrics: 'used',
  pid_file_path: 'used',
  activate_listeners: 'used',
  zombie_check_interval: { noEffect: 'every connection has its own timeouts' },
  accept_queue_timeout: { noEffect: 'connections wait in the kernel only' },
  max_connections_total: 'used',
  evict_on_queue_full: 'used',
  retry_after: 'used',
  basic_auth_max_credential_bytes: { noEffect: 'there is no authentication' },
  command_allowed_uids: {
    refused:
      'the runtime does not tell who is at the other end of a socket; the command socket is open ' +
      'to its owner only (mode 0600)',
  },
  max_connections_per_ip: 'used',
  hsts: {
    refused: 'belongs to a listener, as [listeners.hsts], and needs TLS',
    why: '[hsts] below [[listeners]] is a table of the file, not of the listener',
  },
  https: noTls,
  tcp: { refused: 'only HTTP is relayed' },
};

export const adminKeys: KeyTable = { address: 'used', token: 'used', token_file: 'used' };

export const metricsKeys: KeyTable = {
  address: 'used',
  tagged_metrics: 'used',
  prefix: 'used',
  detail: 'used',
};

/** Besides these, every `answer_<status>` and every `h2_…`. */
export const listenerKeys: KeyTable = {
  ...timeouts,
  address: 'used',
  protocol: 'used',
  answers: 'used',
  public_address: { noEffect: 'forwarded fields name the address that the client reached' },
  expect_proxy: { refused: 'the PROXY protocol is not spoken', unless: false },
  body_timeout: 'used',
  total_timeout: 'used',
  max_body_size: 'used',
  sticky_name: 'used',
  request_id_header: 'used',
  create_trace: 'used',
  sozu_id_header: 'used',
  trusted_proxies: 'used',
  elide_x_real_ip: 'used',
  send_x_real_ip: 'used',
  client_rate: 'used',
  deny: 'used',
  tls_versions: noTls,
  cipher_list: noTls,
  cipher_suites: noTls,
  groups_list: noTls,
  certificate: noTls,
  certificate_chain: noTls,
  key: noTls,
  send_tls13_tickets: noTls,
  alpn_protocols: noTls,
  strict_sni_binding: noTls,
  disable_http11: noTls,
  hsts: noTls,
};

/** Besides these, every `answer_<status>`. */
export const clusterKeys: KeyTable = {
  protocol: 'used',
  frontends: 'used',
  backends: 'used',
  load_balancing: 'used',
  answers: 'used',
  sticky_session: 'used',
  sticky_attributes: 'used',
  load_metric: 'used',
  hash_key: 'used',
  slow_start: 'used',
  health_check: 'used',
  fail_open: 'used',
  panic_threshold: 'used',
  breaker: 'used',
  retry: 'used',
  max_requests: 'used',
  request_rate: 'used',
  retry_after: 'used',
  https_redirect: { refused: 'there is no redirect to https', unless: false },
  https_redirect_port: { noEffect: 'there is no redirect to https' },
  send_proxy: { refused: 'the PROXY protocol is not spoken', unless: false },
  http2: { refused: 'backends are spoken to in HTTP/1.1', unless: false },
  authorized_hashes: noAuth,
  www_authenticate: noAuth,
  max_connections_per_ip: 'used',
  udp: { refused: 'only HTTP is relayed' },
};

const noRedirect: KeyRule = { refused: 'there are no redirects' };
const noRewrite: KeyRule = { refused: 'requests are not rewritten' };

export const frontendKeys: KeyTable = {
  address: 'used',
  hostname: 'used',
  path: 'used',
  path_type: 'used',
  method: 'used',
  position: 'used',
  certificate: noTls,
  key: noTls,
  certificate_chain: noTls,
  tls_versions: noTls,
  hsts: noTls,
  tags: 'used',
  redirect: 'used',
  redirect_scheme: { ...noRedirect, unless: 'use-same' },
  redirect_template: noRedirect,
  rewrite_host: noRewrite,
  rewrite_path: noRewrite,
  rewrite_port: noRewrite,
  required_auth: { ...noAuth, unless: false },
  headers: noRewrite,
};

export const backendKeys: KeyTable = {
  address: 'used',
  backend_id: 'used',
  weight: 'used',
  sticky_id: 'used',
  backup: 'used',
  version: 'used',
  request_headers: 'used',
  replace_path: 'used',
  reuse_connections: 'used',
};

/** The `[http]` table of 2017. */
export const http2017Keys: KeyTable = {
  address: 'used',
  port: 'used',
  max_connections: 'used',
  answer_404: 'used',
  answer_503: 'used',
  buffer_size: nodeOwnsBuffers,
};

/** An `[applications.<id>]` table of 2017. */
export const application2017Keys: KeyTable = {
  hostname: 'used',
  path_begin: 'used',
  frontends: 'used',
  backends: 'used',
  sticky_session: 'used',
  certificate: noTls,
  certificate_chain: noTls,
  key: noTls,
  ip_address: { refused: 'only HTTP is relayed' },
  port: { refused: 'only HTTP is relayed' },
};
