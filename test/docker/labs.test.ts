/** Labs on containers, with the browser. */
import { labSuite } from '../support/lab-suite.ts';

labSuite('docker', 1, ['load-balance', 'circuit-breaker', 'blue-green']);
