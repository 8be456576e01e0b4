/** One colour from its environment variables, or the sentence that says which one to change and how. */
import { backendAddressField } from '../command/fields.ts';
import type { Environment } from './colours.ts';

export interface Colour {
  /** As it stands in the `Color` field. */
  readonly name: string;
  /** The environment variable of its URL. */
  readonly variable: string;
  readonly url: string;
  /** `ip:port` or `name:port`. */
  readonly address: string;
  /** Of its URL, `/` at least. */
  readonly path: string;
  /** Relative to the other colours; 0: on standby. */
  readonly weight: number;
}

export type ColourFound =
  | { readonly kind: 'usable'; readonly colour: Colour }
  | { readonly kind: 'unset' | 'wrong'; readonly message: string };

type Target = Pick<Colour, 'address' | 'path'>;

const nameShape = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function readColour(environment: Environment, name: string): ColourFound {
  if (!nameShape.test(name)) {
    return wrong(`"${name}" is not a colour: a name of letters, digits and "_", such as red`);
  }
  const variable = name.toUpperCase();
  const url = (environment[variable] ?? '').trim();
  const weightText = (environment[`${variable}_WEIGHT`] ?? '').trim();
  if (url === '') {
    const hint = `no request goes to ${name}; set it to the URL of a backend, such as ${variable}=http://127.0.0.1:8081`;
    if (weightText === '') return { kind: 'unset', message: `${variable} is not set: ${hint}` };
    return wrong(`${variable}_WEIGHT is set and ${variable} is not: ${hint}`);
  }
  const target = readTarget(url);
  if (typeof target === 'string') return wrong(`${variable}=${url} ${target}`, name);
  if (!/^\+?\d{1,9}$/.test(weightText) && weightText !== '') {
    const meaning = 'its share relative to the other colours, 0 for standby';
    const fix = `set it to a whole number from 0 on, such as ${variable}_WEIGHT=1 (${meaning})`;
    return wrong(`${variable}_WEIGHT=${weightText} is not a weight: ${fix}`, name);
  }
  const weight = weightText === '' ? 1 : Number(weightText);
  return { kind: 'usable', colour: { name, variable, url, weight, ...target } };
}

/** Where the URL leads, or why it leads nowhere and what would. */
function readTarget(text: string): Target | string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return `has no scheme: write http://${text.replace(/^\/+/, '')}`;
  }
  if (!URL.canParse(text)) return 'is not a URL: write http://HOST:PORT';
  const url = new URL(text);
  if (url.protocol === 'https:') {
    return `asks for TLS, which is not spoken to backends: write ${text.replace(/^https/i, 'http')}`;
  }
  if (url.protocol !== 'http:')
    return `is no URL for HTTP: write http://${url.host || 'HOST:PORT'}`;
  const address = backendAddressField.safeParse(`${url.hostname}:${url.port || '80'}`);
  if (!address.success) return 'names a host that cannot be one: write http://HOST:PORT';
  return { address: address.data, path: url.pathname };
}

function wrong(message: string, name?: string): ColourFound {
  const effect = name === undefined ? '' : `; until then no request goes to ${name}`;
  return { kind: 'wrong', message: `${message}${effect}` };
}
