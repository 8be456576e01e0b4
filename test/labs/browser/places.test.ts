/** Which places are looked at, in which order, on each platform. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usualPlaces } from '../../../labs/browser/places.ts';

const names = (platform: NodeJS.Platform) => [
  ...new Set(usualPlaces({ PATH: '/usr/bin', HOME: '/home/ada' }, platform).map(p => p.name)),
];

describe('usualPlaces', () => {
  it('prefers Chrome to Edge and Edge to Chromium', () => {
    assert.deepEqual(names('linux'), ['Google Chrome', 'Microsoft Edge', 'Chromium']);
    assert.deepEqual(names('darwin'), ['Google Chrome', 'Microsoft Edge', 'Chromium']);
  });

  it('looks on the PATH before the usual folders on Linux', () => {
    const places = usualPlaces({ PATH: '/home/ada/bin:/usr/bin' }, 'linux');
    assert.equal(places[0]?.executablePath, '/home/ada/bin/google-chrome-stable');
    const paths = places.map(place => place.executablePath);
    assert.ok(paths.includes('/usr/bin/chromium'));
    assert.equal(new Set(paths).size, paths.length, 'no place twice');
  });

  it('finds the usual folders without a PATH', () => {
    const paths = usualPlaces({}, 'linux').map(place => place.executablePath);
    assert.ok(paths.includes('/usr/bin/chromium'));
  });

  it('ignores relative folders of the PATH', () => {
    const paths = usualPlaces({ PATH: '.:bin:' }, 'linux').map(place => place.executablePath);
    assert.deepEqual(
      paths.filter(executablePath => !executablePath.startsWith('/')),
      [],
    );
  });

  it('looks in the applications folders on macOS, the own one included', () => {
    const paths = usualPlaces({ HOME: '/Users/ada' }, 'darwin').map(place => place.executablePath);
    assert.equal(paths[0], '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
    assert.ok(paths.includes('/Users/ada/Applications/Chromium.app/Contents/MacOS/Chromium'));
  });

  it('looks in the programs folders on Windows', () => {
    const env = {
      PROGRAMFILES: 'C:\\Program Files',
      LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
    };
    const paths = usualPlaces(env, 'win32').map(place => place.executablePath);
    assert.equal(paths[0], 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe');
    assert.ok(
      paths.includes('C:\\Users\\ada\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe'),
    );
    assert.ok(paths.some(executablePath => executablePath.endsWith('msedge.exe')));
  });
});
