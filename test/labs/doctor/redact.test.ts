/** What a pasted report must not hold, planted and looked for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redactData, redactText } from '../../../labs/doctor/bundle/redact.ts';

const owner = {
  userHome: '/home/lea.dupont',
  userName: 'lea.dupont',
  hostName: 'poste42.lycee.example',
  env: {
    HOME: '/home/lea.dupont',
    PATH: '/usr/bin:/bin',
    NODE_VERSION: '20.20.2',
    MY_PIN: 'ab12',
    DB_PASSWORD: 'kiwi',
    CUSTOMER: 'Fromagerie Martin',
    LAB_HOME: '/srv/martin/lab',
  },
} as const;

const secrets: Readonly<Record<string, string>> = {
  'a password from the environment': 'kiwi',
  'any longer value from the environment': 'Fromagerie Martin',
  'the home folder': '/home/lea.dupont/relais',
  'another user’s home': '/home/paul/x',
  'a home on macOS': '/Users/paul/x',
  'a home on Windows': 'C:\\Users\\paul\\x',
  'the user name': 'started by lea.dupont',
  'the host name': 'poste42.lycee.example',
  'the short host name': 'on poste42:',
  'credentials in an address': 'https://paul:geheim@registry.example/x',
  'a token of GitHub': 'ghp_0123456789abcdefghijABCDEFGHIJ012345',
  'a token of npm': 'npm_0123456789abcdefghijABCDEFGHIJ012345',
  'a token of AWS': 'AKIAIOSFODNN7EXAMPLE',
  'a JSON web token': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N',
  'a bearer header': 'Authorization: Bearer abc.def-ghi',
  'a line of .npmrc': '//registry.example/:_authToken=abcdef',
  'a password in a line': 'mysql --password=hunter2',
  'a key in hexadecimal': 'd41d8cd98f00b204e9800998ecf8427e',
  'a long random word': 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTIzNDU2',
  'a private key':
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza\n-----END OPENSSH PRIVATE KEY-----',
  'a mail address': 'lea.dupont@lycee.example',
  'an address of the network': '10.42.7.13',
  'an address outside': '203.0.113.9',
  'an address of a card': '52:54:00:12:34:56',
  'an address of version 6': '2001:db8:0:1:2:3:4:5',
};

/** What is private in each of them. */
const WORDS =
  /kiwi|Martin|lea\.dupont|paul|poste42|lycee|geheim|0123456789abc|AKIAIOSF|eyJ|abc\.def|abcdef|hunter2|d41d8|Zm9v|b3Bl|10\.42|203\.0|52:54|2001:db8/;

describe('redactText', () => {
  for (const [name, text] of Object.entries(secrets)) {
    it(`takes out ${name}`, () => {
      assert.match(text, WORDS, 'the test must see it before');
      assert.doesNotMatch(redactText(`before ${text} after`, owner), WORDS);
      assert.match(redactText(`before ${text} after`, owner), /^before .+ after$/s);
    });
  }

  const kept = [
    'Node.js 20.20.2 (x64)',
    'webapp1 (192.168.56.21, pid 12) on 127.56.0.21:8080 and 0.0.0.0',
    'Chromium 156.0.8078.108 /usr/bin/chromium',
    'Debian GNU/Linux 12 (bookworm) 6.18.44 x64, in a container (docker), as root',
    'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    '2026-11-29T19:44:02.123Z',
    '→ apt-get install --no-install-recommends libvirt-daemon-system qemu-system-x86',
    '::1 localhost, 127.0.0.1',
  ];
  for (const text of kept) {
    it(`leaves "${text.slice(0, 40)}"`, () => assert.equal(redactText(text, owner), text));
  }

  it('names the variable in place of its value, and ~ in place of the home folder', () => {
    assert.equal(redactText('/srv/martin/lab/runs', owner), '<$LAB_HOME>/runs');
    assert.equal(redactText('/home/lea.dupont/relais', owner), '~/relais');
  });

  it('takes the longest value first', () => {
    const env = { SHORT: '/srv/data', LONGER: '/srv/data/secret' };
    assert.equal(redactText('in /srv/data/secret', { ...owner, env }), 'in <$LONGER>');
  });

  it('leaves names that are everybody’s', () => {
    const root = { userHome: '/root', userName: 'root', hostName: 'localhost', env: {} };
    assert.equal(redactText('as root on localhost', root), 'as root on localhost');
  });
});

describe('redactData', () => {
  it('goes into lists and keys, and sees what JSON would have written differently', () => {
    const home = 'C:\\Users\\lea';
    const windows = { userHome: home, userName: 'lea', hostName: 'X1', env: { KEY_FILE: 'D:\\k' } };
    const data = { list: [`${home}\\relais`], of: { 'by lea': 1, none: null }, key: 'D:\\k' };
    assert.deepEqual(redactData(data, windows), {
      list: ['~\\relais'],
      of: { 'by <user>': 1, none: null },
      key: '<$KEY_FILE>',
    });
  });
});
