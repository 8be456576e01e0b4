import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isVersion, VERSION_LOOKS, VERSIONS } from '../../sample-app/version.ts';

/** WCAG 2.2, "relative luminance" of `#rrggbb`. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe('the looks of the versions', () => {
  for (const version of VERSIONS) {
    it(`${version} has the contrast that WCAG AA asks for`, () => {
      const { accent, onAccent, background, text } = VERSION_LOOKS[version];
      assert.ok(contrast(text, background) >= 4.5, 'text');
      assert.ok(contrast(onAccent, accent) >= 4.5, 'letter');
      assert.ok(contrast(accent, background) >= 3, 'badge');
    });
  }

  it('differ in shape, letter and brightness, not in hue alone', () => {
    const looks = VERSIONS.map(version => VERSION_LOOKS[version]);
    assert.equal(new Set(looks.map(({ letter }) => letter)).size, VERSIONS.length);
    assert.equal(new Set(looks.map(({ shape }) => shape)).size, VERSIONS.length);
    const { v1, v2, v3 } = VERSION_LOOKS;
    assert.ok(contrast(v1.background, v2.background) >= 7, 'light and dark');
    assert.ok(contrast(v1.background, v3.background) >= 1.7, 'light and between');
    assert.ok(contrast(v2.background, v3.background) >= 3, 'dark and between');
    assert.ok(contrast(v1.accent, v2.accent) >= 3, 'accents');
  });

  it('are what a version may be called', () => {
    assert.ok(VERSIONS.every(isVersion));
    assert.ok(!isVersion('v4') && !isVersion('toString'));
  });
});
