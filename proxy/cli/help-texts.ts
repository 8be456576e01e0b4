/** What help says beside verbs and options: groups, examples, environment, exit codes. */

export const OTHER_GROUP = 'More:';

/** In the order in which they are shown. */
export const GROUPS: readonly (readonly [heading: string, verbs: readonly string[]])[] = [
  ['Run:', ['start', 'env', 'reload', 'upgrade', 'shutdown']],
  ['Look:', ['status', 'top', 'events', 'metrics', 'why', 'explain', 'diff']],
  [
    'Change:',
    ['backend', 'cluster', 'frontend', 'listener', 'connection-limit', 'logging', 'worker'],
  ],
  ['Configuration:', ['config', 'state']],
  [OTHER_GROUP, ['completion', 'help']],
];

export const AFTERWORD = `
Examples:
  relais start -c relais.toml
  relais -c relais.toml backend add -i webapp -a 127.0.0.1:8082
  relais -c relais.toml explain GET http://localhost:9090/
  relais help backend add

Environment:
  RELAIS_CONFIG, RELAIS_SOCKET   the proxy that is meant when neither -c nor -s says so
  NO_COLOR                       no colours and no bold letters
  LISTEN_FDS, LISTEN_PID         sockets that a service manager hands over

Exit codes:
  0 done   1 refused or failed   2 wrong usage   130 ended by Ctrl-C`;

/** Of the verbs that do not bring their own, without the first word. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  start: ['start -c relais.toml'],
  env: ['env --help', 'env blue green -addr 127.0.0.1:8000'],
  reload: ['reload --dry-run', 'reload --prune'],
  upgrade: ['upgrade', 'upgrade --worker 1'],
  shutdown: ['shutdown', 'shutdown --deadline 30', 'shutdown --hard'],
  status: ['status', 'status --json'],
  why: ['why --last', 'why 0h3k2m1-5'],
  explain: [
    'explain GET http://localhost:9090/',
    'explain POST /api -H "Host: shop.example.org" -l 127.0.0.1:9090',
  ],
  diff: ['diff', 'diff -f new.toml'],
  'backend add': [
    'backend add -i webapp -a 127.0.0.1:8082',
    'backend add -i webapp -a api.internal:80 --weight 20 --app-version v2',
  ],
  'backend remove': ['backend remove -i webapp -a 127.0.0.1:8082'],
  'backend weight': ['backend weight -i webapp -a 127.0.0.1:8082 20'],
  'backend drain': ['backend drain -i webapp -a 127.0.0.1:8082'],
  'backend maint': ['backend maint -i webapp -a 127.0.0.1:8082'],
  'backend ready': ['backend ready -i webapp -a 127.0.0.1:8082'],
  'backend list': ['backend list', 'backend list -i webapp --workers'],
  'frontend http add id': [
    'frontend http add -a 127.0.0.1:9090 --hostname shop.localhost id shop',
    'frontend http add -a 127.0.0.1:9090 --hostname "*.localhost" -p /api id api',
  ],
  'frontend http add deny': ['frontend http add -a 127.0.0.1:9090 --hostname old.localhost deny'],
  'frontend http remove id': [
    'frontend http remove -a 127.0.0.1:9090 --hostname shop.localhost id shop',
  ],
  'frontend http remove deny': [
    'frontend http remove -a 127.0.0.1:9090 --hostname old.localhost deny',
  ],
  'config check': ['config check relais.toml', 'config check relais.toml --fix'],
  'config fmt': ['config fmt relais.toml'],
  'config upgrade': ['config upgrade demo.toml > relais.toml'],
  'state dump': ['state dump', 'state dump --json'],
  'state save': ['state save -f saved.json'],
  'state load': ['state load -f saved.json'],
  'state stats': ['state stats'],
};
