/**
 * Every key that the two dialects of the file know, and what becomes of it here. This table is the
 * only place that decides: a key is used, has no effect (said in a note), or stops the start
 * because ignoring it would change what the operator relies on.
 */
export type KeyRule =
  | 'used'
  | { readonly noEffect: string }
  | { readonly refused: string; readonly unless?: unknown };

export type KeyTable = Readonly<Record<string, KeyRule>>;

const nodeOwnsBuffers: KeyRule = { noEffect: 'buffers are sized by the runtime' };
const noTls: KeyRule = { refused: 'TLS is not available; remove this key' };
const noLogTargets: KeyRule = { noEffect: 'there is no access or audit log' };
const noAuth: KeyRule = { refused: 'there is no authentication; the cluster would be open' };
const noPerIp: KeyRule = { refused: 'connections cannot be limited by client address' };
const noSticky: KeyRule = { refused: 'there are no sticky sessions', unless: false };

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
  saved_state: {
    noEffect:
      'changes made while the proxy runs are not written to it; a restart begins from this file',
  },
  automatic_state_save: { noEffect: 'changes made while the proxy runs are not saved' },
  listeners: 'used',
  clusters: 'used',
  http: 'used',
  applications: 'used',
  metrics: { noEffect: 'metrics are shown by "relais status", not sent to a statsd server' },
  command_buffer_size: nodeOwnsBuffers,
  max_command_buffer_size: nodeOwnsBuffers,
  min_buffers: nodeOwnsBuffers,
  max_buffers: nodeOwnsBuffers,
  buffer_size: nodeOwnsBuffers,
  slab_entries_per_connection: nodeOwnsBuffers,
  splice_pipe_capacity_bytes: nodeOwnsBuffers,
  handle_process_affinity: { noEffect: 'the kernel places the workers' },
  worker_automatic_restart: { refused: 'workers are always restarted', unless: true },
  worker_timeout: { noEffect: 'a worker is called not-answering after 2 s' },
  ctl_command_timeout: { noEffect: 'the command line takes --timeout' },
  ctl_commands_timeout: { noEffect: 'the command line takes --timeout' },
  log_colored: { noEffect: 'the log has no colours' },
  access_logs_target: noLogTargets,
  access_logs_format: noLogTargets,
  access_logs_colored: noLogTargets,
  audit_logs_target: noLogTargets,
  audit_logs_json_target: noLogTargets,
  disable_cluster_metrics: { noEffect: 'counters cost nothing here' },
  pid_file_path: { noEffect: 'no pid file is written; "relais status" shows the pid' },
  activate_listeners: { refused: 'listeners always accept from the start', unless: true },
  zombie_check_interval: { noEffect: 'every connection has its own timeouts' },
  accept_queue_timeout: { noEffect: 'connections wait in the kernel only' },
  evict_on_queue_full: { refused: 'connections are never evicted', unless: false },
  retry_after: { noEffect: 'no limit is applied that would need it' },
  basic_auth_max_credential_bytes: { noEffect: 'there is no authentication' },
  command_allowed_uids: { refused: 'the command socket is open to its owner only (mode 0600)' },
  max_connections_per_ip: { ...noPerIp, unless: 0 },
  hsts: { refused: 'belongs to a listener, as [listeners.hsts], and needs TLS' },
  https: noTls,
  tcp: { refused: 'only HTTP is relayed' },
};

/** Besides these, every `answer_<status>` and every `h2_…`. */
export const listenerKeys: KeyTable = {
  ...timeouts,
  address: 'used',
  protocol: 'used',
  answers: 'used',
  public_address: { noEffect: 'forwarded fields name the address that the client reached' },
  expect_proxy: { refused: 'the PROXY protocol is not spoken', unless: false },
  sticky_name: { noEffect: 'there are no sticky sessions' },
  sozu_id_header: { noEffect: 'the request id has a name of its own' },
  elide_x_real_ip: { noEffect: 'X-Real-IP is passed on as it came' },
  send_x_real_ip: { noEffect: 'X-Forwarded-For carries the client address' },
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
  sticky_session: noSticky,
  https_redirect: { refused: 'there is no redirect to https', unless: false },
  https_redirect_port: { noEffect: 'there is no redirect to https' },
  send_proxy: { refused: 'the PROXY protocol is not spoken', unless: false },
  load_metric: { noEffect: 'round robin measures nothing' },
  http2: { refused: 'backends are spoken to in HTTP/1.1', unless: false },
  authorized_hashes: noAuth,
  www_authenticate: noAuth,
  max_connections_per_ip: { ...noPerIp, unless: 0 },
  retry_after: { noEffect: 'no limit is applied that would need it' },
  health_check: { noEffect: 'backends are not probed; the circuit breaker finds dead ones' },
  udp: { refused: 'only HTTP is relayed' },
};

const noRedirect: KeyRule = { refused: 'there are no redirects' };
const noRewrite: KeyRule = { refused: 'requests are not rewritten' };

export const frontendKeys: KeyTable = {
  address: 'used',
  hostname: 'used',
  path: 'used',
  path_type: { refused: 'a path is always a prefix', unless: 'PREFIX' },
  method: { refused: 'requests are not routed by method' },
  position: { refused: 'frontends have no position', unless: 'TREE' },
  certificate: noTls,
  key: noTls,
  certificate_chain: noTls,
  tls_versions: noTls,
  hsts: noTls,
  tags: { noEffect: 'there is no access log that would show them' },
  redirect: { ...noRedirect, unless: 'forward' },
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
  weight: { noEffect: 'all backends weigh the same' },
  sticky_id: { noEffect: 'there are no sticky sessions' },
  backup: { refused: 'there are no backup backends', unless: false },
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
  sticky_session: noSticky,
  certificate: noTls,
  certificate_chain: noTls,
  key: noTls,
  ip_address: { refused: 'only HTTP is relayed' },
  port: { refused: 'only HTTP is relayed' },
};
