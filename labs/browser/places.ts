/** Where browsers that Playwright can drive are installed, best first. Touches no disk. */
import path from 'node:path';

export interface Place {
  readonly name: 'Google Chrome' | 'Microsoft Edge' | 'Chromium';
  readonly executablePath: string;
}

/** What is read of the environment. */
export interface Env {
  readonly RELAIS_BROWSER?: string | undefined;
  readonly HOME?: string | undefined;
  readonly PATH?: string | undefined;
  readonly PROGRAMFILES?: string | undefined;
  readonly 'PROGRAMFILES(X86)'?: string | undefined;
  readonly LOCALAPPDATA?: string | undefined;
}

interface Product {
  readonly name: Place['name'];
  /** What the command is called on a PATH. */
  readonly commands: readonly string[];
  /** Where macOS keeps it, below an applications folder. */
  readonly macos: string;
  /** Where Windows keeps it, below a programs folder. */
  readonly windows: string;
}

const products: readonly Product[] = [
  {
    name: 'Google Chrome',
    commands: ['google-chrome-stable', 'google-chrome', 'chrome'],
    macos: 'Google Chrome.app/Contents/MacOS/Google Chrome',
    windows: 'Google\\Chrome\\Application\\chrome.exe',
  },
  {
    name: 'Microsoft Edge',
    commands: ['microsoft-edge-stable', 'microsoft-edge', 'msedge'],
    macos: 'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    windows: 'Microsoft\\Edge\\Application\\msedge.exe',
  },
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser'],
    macos: 'Chromium.app/Contents/MacOS/Chromium',
    windows: 'Chromium\\Application\\chrome.exe',
  },
];

/** Folders that a PATH stripped by sudo or a service manager may miss. */
const linuxFolders = ['/usr/bin', '/usr/local/bin', '/opt/google/chrome', '/snap/bin'];

/** Every usual place on this platform: Chrome, then Edge, then Chromium. */
export function usualPlaces(env: Env, platform: NodeJS.Platform): readonly Place[] {
  return products.flatMap(product =>
    [...new Set(placesOf(product, env, platform))].map(executablePath => ({
      name: product.name,
      executablePath,
    })),
  );
}

function placesOf(product: Product, env: Env, platform: NodeJS.Platform): readonly string[] {
  if (platform === 'win32')
    return windowsFolders(env).map(f => path.win32.join(f, product.windows));
  const onPath = pathFolders(env, platform).flatMap(folder =>
    product.commands.map(command => path.posix.join(folder, command)),
  );
  if (platform === 'darwin')
    return [...macosFolders(env).map(f => path.posix.join(f, product.macos)), ...onPath];
  return [
    ...onPath,
    ...linuxFolders.flatMap(folder => product.commands.map(c => path.posix.join(folder, c))),
  ];
}

/** Absolute folders of the PATH; a relative one would depend on where the lab was started. */
export function pathFolders(env: Env, platform: NodeJS.Platform): readonly string[] {
  const { delimiter, isAbsolute } = platform === 'win32' ? path.win32 : path.posix;
  return (env.PATH ?? '').split(delimiter).filter(isAbsolute);
}

function macosFolders(env: Env): readonly string[] {
  const home = env.HOME;
  return ['/Applications', ...(home === undefined ? [] : [path.posix.join(home, 'Applications')])];
}

function windowsFolders(env: Env): readonly string[] {
  const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA];
  return folders.filter(folder => folder !== undefined);
}
