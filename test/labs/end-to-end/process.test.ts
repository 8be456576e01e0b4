/** The three labs on plain processes. */
import { labSuite } from '../../support/lab-suite.ts';

labSuite('process', 3);
