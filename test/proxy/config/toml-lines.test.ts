import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { locateKeys } from '../../../proxy/config/toml-lines.ts';

const text = `# comment with a = 1
top = """
inner = 1
""" # end
[[listeners]]
address = "a"
[listeners.answers]
503 = 'x'

[[listeners]]
"quoted key" = [
  1, # one
  { a = 1,
    b = "}" },
]
[clusters."my app"]
x.y = 1979-05-27T07:32:00Z
z = [[1], [2,
3]]
`;

describe('locateKeys', () => {
  const lineOf = locateKeys(text);
  const places: readonly (readonly [readonly (string | number)[], number])[] = [
    [['top'], 2],
    [['listeners', 0], 5],
    [['listeners', 0, 'address'], 6],
    [['listeners', 0, 'answers', '503'], 8],
    [['listeners', 1, 'quoted key'], 11],
    [['listeners', 1, 'quoted key', 0], 12],
    [['listeners', 1, 'quoted key', 1, 'b'], 14],
    [['clusters', 'my app', 'x', 'y'], 17],
    [['clusters', 'my app', 'z', 1, 1], 19],
  ];
  for (const [path, line] of places) {
    it(`finds ${path.join('.')} on line ${line}`, () => {
      assert.equal(lineOf(path), line);
    });
  }

  it('gives the nearest place around what is not there', () => {
    assert.equal(lineOf(['listeners', 1, 'quoted key', 1, 'c']), 13);
    assert.equal(lineOf(['nothing']), 1);
    assert.equal(lineOf([]), 1);
  });

  it('ends on any text, also on one that is no TOML', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '[[',
      '{',
      '}',
      '=',
      '"',
      "'",
      '"""',
      '\n',
      '#',
      ',',
      'a',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        assert.ok(locateKeys(pieces.join(''))(['a']) >= 1);
      }),
    );
  });

  it('finds every top key of what the library writes', () => {
    const value = fc.oneof(fc.integer(), fc.string(), fc.array(fc.string()), fc.boolean());
    const key = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', '-', ' ', '.', 'é') });
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1 }), table => {
        const written = stringify(table);
        assert.deepEqual(Object.keys(parse(written)).sort(), Object.keys(table).sort());
        const find = locateKeys(written);
        const lines = Object.keys(table).map(each => find([each]));
        assert.equal(new Set(lines).size, lines.length);
      }),
    );
  });
});
