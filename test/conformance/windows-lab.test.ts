/** A whole lab on machines as they are on Windows, with its tools played by small programs. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { catalogue } from '../../labs/catalogue/catalogue.ts';
import { realParts } from '../../labs/cli/real-parts.ts';
import { silentNarrator } from '../../labs/harness/narrator/narration.ts';
import { runLab } from '../../labs/harness/run/run-lab.ts';
import { REFUSING_NETWORK } from '../../vms/process/addresses.ts';
import { processProvider } from '../../vms/process/provider.ts';
import { LabHome } from '../support/lab-command.ts';

const tools = path.resolve(import.meta.dirname, '../../../test/fixtures/windows-tools');
process.env['PATH'] = `${tools}${path.delimiter}${process.env['PATH']}`;

const provider = processProvider(REFUSING_NETWORK, 'win32');
const parts = {
  ...realParts({}, silentNarrator),
  chooseProvider: async () => provider,
};

describe('labs on machines as on Windows', () => {
  // The one with the most ways to fail.
  for (const id of ['failure-kinds']) {
    it(id, () =>
      LabHome.use(async home => {
        const lab = catalogue.find(each => each.id === id);
        assert.ok(lab);
        const options = {
          language: 'en',
          machines: 'process',
          browser: false,
          headed: false,
          slow: false,
          keep: false,
          instance: home.instance,
          seed: 42,
          home: home.folder,
          proxyEntry: path.resolve(import.meta.dirname, '../../bin/relais.js'),
          version: '0',
        } as const;
        const { result } = await runLab(lab, options, parts, AbortSignal.timeout(240_000));
        assert.equal(result.verdict.kind, 'pass', result.verdict.because);
        await home.assertNothingLeft();
      }),
    );
  }
});
