/** Every lab on network namespaces. */
import { labSuite } from '../../support/lab-suite.ts';

labSuite('netns', 3);
