/**
 * On plain processes: the labs that are about how machines and proxies come, go and are told
 * apart. The others see the same as on namespaces; `npm run lab:all -- --machines process` runs all.
 */
import { labSuite } from '../../support/lab-suite.ts';

labSuite('process', 3, [
  'load-balance',
  'circuit-breaker',
  'failure-kinds',
  'blue-green',
  'never-restart',
  'limits',
  'virtual-hosts',
]);
