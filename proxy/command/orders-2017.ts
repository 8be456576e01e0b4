/** The orders of 2017 and 2018: what was told to the workers. Applications are clusters today. */
import * as z from 'zod';

/** What says the same today; or why there is no such thing. */
export type Translated = { readonly kind: string; readonly [key: string]: unknown } | string;

const application = z.object({
  app_id: z.string(),
  sticky_session: z.boolean().optional(),
  https_redirect: z.boolean().optional(),
  load_balancing_policy: z.string().optional(),
});
const front = z.object({
  app_id: z.string(),
  hostname: z.string(),
  path_begin: z.string().optional(),
  sticky_session: z.boolean().optional(),
  /** Since 2019. */
  address: z.string().optional(),
});
const instance = z.object({
  app_id: z.string(),
  ip_address: z.string(),
  port: z.int(),
  instance_id: z.string().optional(),
  backend_id: z.string().optional(),
  sticky_id: z.string().nullish(),
  backup: z.boolean().nullish(),
});
const removed = z.union([z.string(), z.object({ app_id: z.string() }).transform(x => x.app_id)]);

const noTls = 'TLS is not spoken';
const noTcp = 'only HTTP is relayed';
const noListener = 'a listener is described in today’s words: add-listener or the config file';

export const orders: Readonly<Record<string, (data: unknown) => Translated>> = {
  ADD_APPLICATION: addApplication,
  REMOVE_APPLICATION: data => ({ kind: 'remove-cluster', clusterId: removed.parse(data) }),
  ADD_HTTP_FRONT: addFront,
  REMOVE_HTTP_FRONT: data => ({ kind: 'remove-frontend', frontend: frontendOf(front.parse(data)) }),
  ADD_INSTANCE: addInstance,
  REMOVE_INSTANCE: removeInstance,
  ADD_BACKEND: addInstance,
  REMOVE_BACKEND: removeInstance,
  SOFT_STOP: () => ({ kind: 'soft-stop' }),
  HARD_STOP: () => ({ kind: 'hard-stop' }),
  STATUS: () => ({ kind: 'status' }),
  METRICS: () => ({ kind: 'show-metrics' }),
  LOGGING: setLevel,
  HTTP_PROXY: () => noListener,
  HTTPS_PROXY: () => noTls,
  ADD_HTTPS_FRONT: () => noTls,
  REMOVE_HTTPS_FRONT: () => noTls,
  ADD_CERTIFICATE: () => noTls,
  REMOVE_CERTIFICATE: () => noTls,
  REPLACE_CERTIFICATE: () => noTls,
  ADD_TCP_FRONT: () => noTcp,
  REMOVE_TCP_FRONT: () => noTcp,
};

/** `info,module=debug`: there is one level for all, the one that is for no module. */
function setLevel(data: unknown): Translated {
  const level = z
    .string()
    .parse(data)
    .split(',')
    .find(part => !part.includes('='));
  return { kind: 'patch-settings', changes: { logLevel: level?.toLowerCase() ?? '' } };
}

function addApplication(data: unknown): Translated {
  const { app_id: id, sticky_session, https_redirect, ...more } = application.parse(data);
  if (https_redirect === true) return noTls;
  const loadBalancing = more.load_balancing_policy?.toLowerCase() ?? 'roundrobin';
  const known = Object.hasOwn(policies, loadBalancing) ? policies[loadBalancing] : loadBalancing;
  const cluster = { id, loadBalancing: known, answers: {} };
  const sticky = sticky_session === true ? { stickySession: true } : {};
  return { kind: 'add-cluster', cluster: { ...cluster, ...sticky } };
}

const policies: Readonly<Record<string, string>> = {
  roundrobin: 'round-robin',
  leastconnections: 'least-connections',
};

/** An application came to be with its first front, and the front said whether visitors stay. */
function addFront(data: unknown): Translated {
  const known = front.parse(data);
  const { app_id: clusterId, sticky_session } = known;
  const sticky = sticky_session === true ? { stickySession: true } : {};
  return {
    kind: 'transaction',
    requests: [
      { kind: 'keep-cluster', clusterId, ...sticky },
      { kind: 'add-frontend', frontend: frontendOf(known) },
    ],
  };
}

function frontendOf({ app_id, hostname, path_begin, address }: z.infer<typeof front>): object {
  const path = path_begin === undefined || path_begin === '/' ? '' : path_begin;
  const place = address === undefined ? {} : { listener: address };
  return { ...place, hostname, path, clusterId: app_id };
}

function addInstance(data: unknown): Translated {
  const { sticky_id, backup, ...known } = instance.parse(data);
  const sticky = typeof sticky_id === 'string' ? { stickyId: sticky_id } : {};
  const spare = typeof backup === 'boolean' ? { backup } : {};
  return { kind: 'add-backend', backend: { ...placeOf(known), ...sticky, ...spare } };
}

function removeInstance(data: unknown): Translated {
  return { kind: 'remove-backend', ...placeOf(instance.parse(data)) };
}

function placeOf({
  app_id: clusterId,
  ip_address: ip,
  port,
  instance_id,
  backend_id = instance_id,
}: z.infer<typeof instance>): object {
  const address = ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
  return backend_id === undefined
    ? { clusterId, address }
    : { clusterId, address, backendId: backend_id };
}
