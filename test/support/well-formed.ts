/** Checks that markup is well formed: every element closed in order, every attribute quoted. */
import assert from 'node:assert/strict';

/** HTML elements that have no end. */
const empty = new Set(['meta', 'link', 'input', 'img', 'br']);

/** Fails at the first tag that is wrong; returns every start tag seen, as written. */
export function assertWellFormed(markup: string): readonly string[] {
  const open: string[] = [];
  const tags: string[] = [];
  const body = markup
    .replace(/^<(?:!doctype html|\?xml[^>]*\?)>/, '')
    .replace(/<style>.*?<\/style>/s, '');
  for (const [tag] of body.matchAll(/<[^>]*>|[<>]/g)) {
    const [, slash, name, attributes, end] =
      /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*(\/?)>$/.exec(tag) ?? [];
    assert.ok(name, `not a tag: ${tag.slice(0, 200)}`);
    if (slash === '/') assert.equal(name, open.pop(), `closed by ${tag}`);
    else {
      tags.push(tag);
      if (end === '' && !empty.has(name)) open.push(name);
    }
    assert.ok(attributes !== undefined);
  }
  assert.deepEqual(open, [], 'never closed');
  return tags;
}
