/** The formatter changes how a file looks, never what it says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { formatToml } from '../../../proxy/config/toml-format.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

/** Says the same, and is itself what the formatter makes of it. */
function formatted(text: string): string {
  const once = formatToml(text);
  assert.deepEqual(parse(once), parse(text));
  assert.equal(formatToml(once), once);
  return once;
}

function commentsOf(text: string): string[] {
  return [...text.matchAll(/#[^"\n]*$/gm)].map(([comment]) => comment.trimEnd());
}

const cases: readonly (readonly [string, string, string])[] = [
  ['puts one blank around =', 'a=1\nbb   =    2\n', 'a = 1\nbb = 2\n'],
  ['keeps a block that is aligned', 'a   = 1\nbbb = 2\n\nc   = 3', 'a   = 1\nbbb = 2\n\nc = 3\n'],
  ['takes blanks out of headers', '[ a . "b c" ]\n[[ x ]]', '[a."b c"]\n\n[[x]]\n'],
  ['takes indentation away', '[a]\n    b = 1\n  # c\n', '[a]\nb = 1\n# c\n'],
  [
    'sets an empty line before a table and above its comments',
    'a = 1\n# of b\n[b]\nc = 1\n[d]',
    'a = 1\n\n# of b\n[b]\nc = 1\n\n[d]\n',
  ],
  ['keeps one of several empty lines', '\n\na = 1\n\n\n\nb = 2\n\n', 'a = 1\n\nb = 2\n'],
  ['keeps comments behind values', 'a = 1   #   one\n[b] #two\n', 'a = 1 #   one\n\n[b] #two\n'],
  [
    'writes lists and inline tables alike',
    'a=[ 1,2 ,3, ]\nb={c=1,d = []}',
    'a = [1, 2, 3]\nb = { c = 1, d = [] }\n',
  ],
  [
    'gives each element of a tall list its line and its comma',
    'a = [ 1, # one\n  # two\n 2,\n\n\n 3 ]\n',
    'a = [\n  1, # one\n  # two\n  2,\n\n  3,\n]\n',
  ],
  [
    'makes a list tall that would be too long',
    `a = ["${'x'.repeat(60)}", "${'y'.repeat(60)}"]`,
    `a = [\n  "${'x'.repeat(60)}",\n  "${'y'.repeat(60)}",\n]\n`,
  ],
  [
    'leaves one long element on its line',
    `a = ["${'x'.repeat(120)}"]`,
    `a = ["${'x'.repeat(120)}"]\n`,
  ],
  [
    'leaves strings alone, whatever is in them',
    'a = """\n # no comment\n  [x]\n"""\nb = \'#\'\nc = "a\\"# ="\nd = \'\'\'x\'\'\'\'\n',
    'a = """\n # no comment\n  [x]\n"""\nb = \'#\'\nc = "a\\"# ="\nd = \'\'\'x\'\'\'\'\n',
  ],
  [
    'leaves dates with a blank alone',
    'a = 1979-05-27 07:32:00 # x',
    'a = 1979-05-27 07:32:00 # x\n',
  ],
  ['ends lines with a line feed', 'a = 1\r\n\r\n# b\r\n[c]\r\n', 'a = 1\n\n# b\n[c]\n'],
  ['keeps a comment in a list of nothing else', 'a = [\n # none\n]', 'a = [\n  # none\n]\n'],
  ['takes a byte order mark away', '\uFEFFa = 1', 'a = 1\n'],
  ['makes nothing of nothing', '\n\n', ''],
];

describe('formatToml', () => {
  for (const [what, text, expected] of cases) {
    it(what, () => assert.equal(formatted(text), expected));
  }

  it("changes only the layout of the tutorial's file and of the README's", () => {
    const demo = readFileSync(path.join(root, 'test/fixtures/tutorial-2017/demo.toml'), 'utf8');
    assert.deepEqual(commentsOf(formatted(demo)), commentsOf(demo));
    const readme = readFileSync(path.join(root, 'proxy/README.md'), 'utf8');
    const [, example = ''] = /```toml\n(.*?)```/s.exec(readme) ?? [];
    assert.equal(formatted(example), example);
  });

  it('formats every example of the documents', () => {
    const page = readFileSync(path.join(root, 'docs/configuration.md'), 'utf8');
    const examples = [...page.matchAll(/```toml\n(.*?)```/gs)].map(([, text = '']) => text);
    assert.ok(examples.length > 0);
    for (const example of examples) assert.equal(formatted(example), example);
  });

  const scalar = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.double({ noNaN: true }));
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      scalar,
      fc.array(scalar),
      fc.array(tie('table')),
      tie('table'),
    ),
    table: fc.dictionary(fc.string({ minLength: 1 }), tie('value'), { noNullPrototype: true }),
  }));

  it('keeps every document that the library writes, and is idempotent', () => {
    const document = fc.dictionary(fc.string({ minLength: 1 }), value, { noNullPrototype: true });
    fc.assert(fc.property(document, table => void formatted(stringify(table))));
  });

  const odd = fc.constantFrom(' ', '\t', '', '  ');
  const comment = fc.constantFrom('', '', '# c', ' #d = [', '#"');
  const line = fc.constantFrom('\n', '\r\n', '\n\n\n');
  const inList = fc.tuple(fc.constantFrom('1', '"]"', '[ 2 ]', "{a = '#'}", '""'), odd, comment);
  const list = fc
    .tuple(fc.array(inList), fc.boolean())
    .map(
      ([members, tall]) =>
        `[${members.map(([text, space, said]) => (tall ? `${text}${space},${space}${said}\n` : `${text}${space},`)).join('')}]`,
    );
  const right = fc.oneof(list, fc.constantFrom('1', '"#"', "'=' ", '"""\n#\n"""', '{ x=[\n1] }'));

  it('keeps every odd layout, with all its comments', () => {
    const pair = fc.tuple(odd, odd, odd, right, odd, comment, line);
    fc.assert(
      fc.property(fc.array(pair), fc.array(fc.nat(), { maxLength: 5 }), (pairs, headers) => {
        const lines = pairs.map(([a, b, c, to, d, said, end], index) => {
          const header = headers.includes(index) ? `${a}[[ t${b}]]${c}${said}${end}` : '';
          return `${header}${a}k${index}${b}=${c}${to}${d}${said}${end}`;
        });
        const text = lines.join('');
        const count = (all: string): number => all.split(/# ?[cd"]/).length;
        assert.equal(count(formatted(text)), count(text));
      }),
    );
  });
});
