/** `relais explain METHOD URL`: which frontend, cluster and backend would serve, rule by rule. */
import type { Command } from 'commander';
import type { Explain } from '../command/control-requests.ts';
import { fieldNameField, listenAddressField } from '../command/fields.ts';
import { checked, parseField } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { showExplanation } from './show-explanation.ts';
import type { Terminal } from './terminal.ts';

interface ExplainOptions extends GlobalOptions {
  readonly listener?: string;
  readonly header?: [name: string, value: string][];
}

export function addExplainVerb(program: Command, terminal: Terminal): void {
  program
    .command('explain')
    .description('say which frontend, cluster and backend would serve a request, and why')
    .usage('[options] [method] <url>')
    .argument('<method>', 'GET when it is left out')
    .argument('[url]', 'such as http://shop.localhost:9090/api; taken as it is')
    .option('-l, --listener <ip:port>', 'where the request would come in', text =>
      checked(listenAddressField, text),
    )
    .option(
      '-H, --header <field>',
      'a field of the request: "Name: value"; may be repeated',
      addField,
    )
    .action((first: string, second: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExplainOptions>();
      const method = fieldNameField.safeParse(second === undefined ? 'GET' : first);
      if (!method.success) command.error(`error: "${first}" is no method, such as GET`);
      const request: Explain = {
        kind: 'explain',
        method: method.data,
        url: second ?? first,
        ...(options.listener === undefined ? {} : { listener: options.listener }),
        ...(options.header === undefined ? {} : { fields: options.header }),
      };
      return ask(terminal, options, request, reply =>
        reply.content === undefined ? '' : showExplanation(reply.content),
      );
    });
}

function addField(
  text: string,
  before: readonly [string, string][] = [],
): [name: string, value: string][] {
  return [...before, parseField(text)];
}
