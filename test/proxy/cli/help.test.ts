import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { examplesOf } from '../../../proxy/cli/examples.ts';
import { leaves, pathOf, visible } from '../../../proxy/cli/help.ts';
import { OTHER_GROUP } from '../../../proxy/cli/help-texts.ts';
import { createProgram } from '../../../proxy/cli/program.ts';
import { requestKinds } from '../../../proxy/command/request-schemas.ts';
import { runInProcess } from '../../support/run-in-process.ts';

type Command = ReturnType<typeof createProgram>;

const program = createProgram(
  {
    terminal: { out: () => undefined, err: () => undefined },
    version: '1.2.3',
    environment: {},
    inheritedSockets: 0,
    program: '',
  },
  () => undefined,
);

function all(command: Command): Command[] {
  return [command, ...visible(command).flatMap(all)];
}

function helpOf(command: Command): string {
  let text = '';
  const before = command.configureOutput();
  const writeOut = (part: string): void => {
    text += part;
  };
  command.configureOutput({ ...before, writeOut, getOutHelpWidth: () => 100 });
  command.outputHelp();
  command.configureOutput(before);
  return stripVTControlCharacters(text);
}

describe('relais --help', () => {
  for (const command of leaves(program)) {
    it(`has a sentence and an example of "${pathOf(command)}"`, () => {
      assert.match(command.description(), /^[a-z].{5,}[^.]$/, 'lower case, without a full stop');
      const examples = examplesOf(command);
      assert.ok(examples.length > 0, 'add one to proxy/cli/help-texts.ts, or use withExamples');
      const words = pathOf(command).split(' ');
      for (const example of examples) {
        const given = example.split(/\s+/);
        let at = 0;
        for (const word of words) at = given.indexOf(word, at) + 1 || Number.NaN;
        // The default verb of a group may be left out.
        const isShort = words.at(-1) === 'get' && example.startsWith(`relais ${words[0]}`);
        assert.ok(at > 0 || isShort, `"${example}" is not an example of "${pathOf(command)}"`);
      }
    });
  }

  it('fits a hundred columns', () => {
    for (const command of all(program)) {
      const long = helpOf(command)
        .split('\n')
        .filter(line => line.length > 100);
      assert.deepEqual(long, [], pathOf(command));
    }
  });

  it('speaks to people: no name of a request, no variable, nothing undefined', () => {
    // One word may well be the verb's own.
    const kinds = requestKinds.filter(kind => kind.includes('-'));
    for (const command of all(program)) {
      const text = helpOf(command);
      const camel = text.match(/\b[a-z]+[A-Z]\w*/g) ?? [];
      assert.deepEqual(camel, [], pathOf(command));
      assert.doesNotMatch(text, /undefined|\[object|\bnull\b|NaN/, pathOf(command));
      for (const kind of kinds) assert.ok(!text.includes(kind), `${pathOf(command)}: ${kind}`);
    }
  });

  it('shows every verb in a group of its own kind', () => {
    const stray = program.commands.filter(each => each.helpGroup() === OTHER_GROUP);
    const names = stray.map(each => each.name()).filter(name => !name.includes('2017'));
    assert.deepEqual(
      names.filter(name => !['help', 'completion'].includes(name)),
      [],
    );
    const text = helpOf(program);
    const headings = [...text.matchAll(/^(\w[\w ]*):$/gm)].map(match => match[1]);
    const expected = ['Options', 'Run', 'Look', 'Change', 'Configuration', 'More', 'Examples'];
    assert.deepEqual(headings, [...expected, 'Environment', 'Exit codes']);
  });
});

describe('relais help', () => {
  it('shows a verb, and names the nearest one for a typo', async () => {
    const shown = await runInProcess('help', 'backend', 'add');
    assert.equal(shown.code, 0);
    assert.match(shown.out, /Usage: relais backend add[\s\S]*Examples:\n {2}relais backend add -i/);
    const wrong = await runInProcess('help', 'backend', 'ad');
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /there is no verb "ad"; did you mean "add"\?/);
    const typo = await runInProcess('bakend', 'add');
    assert.equal(typo.code, 2);
    assert.match(
      typo.err,
      /unknown command 'bakend'\n\(Did you mean backend\?\)\nTry "relais help"/,
    );
  });
});

describe('relais', () => {
  it('asks the proxy that the environment names, unless the command line names one', async () => {
    const environment = { RELAIS_SOCKET: '/nowhere/env.sock' };
    assert.match((await runInProcess({ environment }, 'status')).err, /\/nowhere\/env\.sock/);
    const given = await runInProcess({ environment }, '-s', '/nowhere/given.sock', 'status');
    assert.match(given.err, /\/nowhere\/given\.sock/);
    assert.match((await runInProcess('status')).err, /which proxy\?/);
  });
});
