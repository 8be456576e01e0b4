/**
 * A file of 2017 in the form of today, with its comments. `[http]` becomes `[[listeners]]`, each
 * `[applications.NAME]` becomes `[clusters.NAME]`; what has no effect is left out.
 */
import { ProxyError } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { TomlTable } from './check-keys.ts';
import { application2017Keys, http2017Keys, type KeyTable, topLevelKeys } from './known-keys.ts';
import { formatToml, showTomlValue } from './toml-format.ts';
import { type Item, type Pair, readTree, type Value } from './toml-tree.ts';

/** `table`: the values of `text`, which is a valid file of 2017. */
export function modernize(text: string, table: TomlTable): Result<string, ProxyError> {
  const lines: string[] = [];
  for (const section of sectionsOf(readTree(text).items)) {
    const written = writeSection(section, table);
    if (!written.ok) return written;
    lines.push(...written.value);
  }
  return ok(formatToml(`${lines.join('\n')}\n`));
}

interface Section {
  /** As in its header; '' before the first one. */
  readonly keys: string;
  /** Comments right above the header. */
  readonly above: readonly string[];
  readonly behind: string;
  readonly items: readonly Item[];
}

function sectionsOf(items: readonly Item[]): Section[] {
  const sections: (Section & { readonly items: Item[] })[] = [
    { keys: '', above: [], behind: '', items: [] },
  ];
  for (const item of items) {
    const last = sections.at(-1);
    if (item.kind !== 'header') last?.items.push(item);
    else {
      const above = last === undefined ? [] : takeComments(last.items);
      sections.push({ keys: item.keys, above, behind: item.comment, items: [] });
    }
  }
  return sections;
}

function takeComments(items: Item[]): string[] {
  const comments: string[] = [];
  for (let item = items.at(-1); item?.kind === 'comment'; item = items.at(-1)) {
    comments.unshift(item.text);
    items.pop();
  }
  return comments;
}

function writeSection(section: Section, table: TomlTable): Result<string[], ProxyError> {
  const { keys, above, behind, items } = section;
  const heading = (header: string): string[] => ['', ...above, `${header} ${behind}`];
  if (keys === '') {
    const nested = items.find(item => item.kind === 'pair' && isNested(item));
    return nested === undefined ? ok(usedItems(items, topLevelKeys)) : cannot(nested as Pair);
  }
  if (keys === 'http') return ok([...heading('[[listeners]]'), ...writeListener(items, table)]);
  if (keys.startsWith('applications.')) {
    const name = keys.slice('applications.'.length);
    return ok([...heading(`[clusters.${name}]`), ...writeCluster(items, table)]);
  }
  const pair = items.find(item => item.kind === 'pair');
  if (keys === 'applications' && pair !== undefined) return cannot(pair);
  return ok([]);
}

function isNested({ key }: Pair): boolean {
  return /^(?:http|applications)(?:\.|$)/.test(key);
}

function cannot({ key }: Pair): Result<never, ProxyError> {
  const message = `${key}: cannot be rewritten; write it as a table, [http] or [applications.NAME]`;
  return err(new ProxyError('PROXY_CONFIG_INVALID', message));
}

function writeListener(items: readonly Item[], table: TomlTable): string[] {
  const kept = withoutPairs(items, ['address', 'port']);
  return [
    `address = ${JSON.stringify(listenAddress(table))}`,
    'protocol = "http"',
    ...usedItems(kept, http2017Keys),
  ];
}

function writeCluster(items: readonly Item[], table: TomlTable): string[] {
  const found = (name: string): Pair | undefined =>
    items.find((item): item is Pair => item.kind === 'pair' && item.key === name);
  const [hostname, path, tags] = [found('hostname'), found('path_begin'), found('frontends')];
  const rest = withoutPairs(items, ['hostname', 'path_begin', 'frontends', 'backends']);
  const isServed = tags?.value.kind === 'list' && tags.value.members.some(isValue);
  const frontend = [
    `address = ${JSON.stringify(listenAddress(table))}`,
    ...(hostname === undefined ? [] : [`hostname = ${showTomlValue(hostname.value)}`]),
    ...(path === undefined ? [] : [`path = ${showTomlValue(path.value)}`]),
  ];
  const comment = tags?.comment ?? '';
  return [
    'protocol = "http"',
    `frontends = [${isServed ? `{ ${frontend.join(', ')} }` : ''}] ${comment}`,
    ...items.flatMap(item => (item.kind === 'pair' ? writeBackends(item) : [])),
    ...usedItems(rest, application2017Keys),
  ];
}

function writeBackends({ key, value, comment }: Pair): string[] {
  if (key !== 'backends' || value.kind !== 'list') return [];
  const members = value.members.map(member => {
    if (!isValue(member)) return member;
    const address = { ...member, key: 'address', comment: '' };
    const table: Value = { kind: 'table', members: [address], isTall: false };
    return { ...member, value: table };
  });
  return [`backends = ${showTomlValue({ ...value, members })} ${comment}`];
}

function isValue({ kind }: { readonly kind: string }): boolean {
  return kind === 'value';
}

function listenAddress({ http }: TomlTable): string {
  const { address = '127.0.0.1', port } = { ...(http as TomlTable | undefined) };
  const ip = String(address);
  return `${ip.includes(':') && !ip.startsWith('[') ? `[${ip}]` : ip}:${String(port)}`;
}

function withoutPairs(items: readonly Item[], names: readonly string[]): Item[] {
  return items.filter(item => item.kind !== 'pair' || !names.includes(item.key));
}

function usedItems(items: readonly Item[], known: KeyTable): string[] {
  return items.flatMap(item => {
    if (item.kind === 'comment') return item.text;
    if (item.kind !== 'pair') return item.kind === 'blank' ? '' : [];
    if (known[item.key] !== 'used') return [];
    return `${item.key} = ${showTomlValue(item.value)} ${item.comment}`;
  });
}
