/** The errors that the kit explains are the words of the Vagrant that is installed, not ours. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { getTools } from '../../vms/debian-packages.ts';
import { mustRun } from '../../vms/programs/command.ts';
import { VAGRANT_ERRORS } from '../support/vagrant-errors.ts';

const READ_LOCALES = `
  require "json"
  require "yaml"
  gems = { "vagrant" => "templates/locales", "vagrant-libvirt" => "locales", "vagrant-lxc" => "locales" }
  puts JSON.generate(gems.to_h { |gem, folder|
    root = Gem::Specification.find_by_name(gem).gem_dir
    [gem, YAML.load_file(File.join(root, folder, "en.yml"))["en"]]
  })`;

describe('errors of Vagrant', () => {
  let locales: Record<string, unknown> = {};
  before(async () => {
    await getTools(['vagrant', 'lxc', 'libvirt'], line => console.log(line));
    locales = JSON.parse(await mustRun(['ruby', '-e', READ_LOCALES]));
  });

  const fromLocales = VAGRANT_ERRORS.filter(({ key }) => key !== undefined);
  it('are read from the locale files', () => assert.ok(fromLocales.length > 30));

  for (const { locale = '', key = '', text } of fromLocales) {
    it(`${locale}: ${key}`, () => {
      const template = key
        .split('.')
        .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], locales[locale]);
      assert.equal(typeof template, 'string', 'the locale file has it no more');
      assert.match(text, pattern(String(template)));
    });
  }
});

/** The template with anything in the place of its values. */
function pattern(template: string): RegExp {
  const parts = template
    .split(/%\{\w+\}/)
    .map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}
