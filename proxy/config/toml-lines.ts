/** Where in a TOML text each key stands; the parser itself only keeps values. */

type Path = readonly (string | number)[];

/** Offsets in the text: `start` of the first character, `end` behind the last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Place {
  readonly line: number;
  /** Of the last word of a key; an element of a list and a `[table]` have none. */
  readonly key?: Span;
  value?: Span;
}

/**
 * On which line a key stands, or else what is around it. `text` has been accepted by the parser, so
 * this scanner may be lenient. It reads the text when first asked: most files have no findings.
 */
export function locateKeys(text: string): (path: Path) => number {
  let root: PlaceNode | undefined;
  return path => {
    root ??= scanPlaces(text).root;
    let node: PlaceNode | undefined = root;
    let line = 1;
    for (const key of path) {
      node = node?.inner?.get(key);
      line = node?.place?.line ?? line;
    }
    return line;
  };
}

/** Exactly this key, with the offsets of its name and its value. */
export function locatePlaces(text: string): (path: Path) => Place | undefined {
  const { root } = scanPlaces(text);
  return path => {
    let node: PlaceNode | undefined = root;
    for (const key of path) node = node?.inner?.get(key);
    return node?.place;
  };
}

/** Of a key or a `[table]` that stands twice: both lines. Undefined when there is none. */
export function findDouble(text: string): { first: number; second: number } | undefined {
  return scanPlaces(text).double;
}

function scanPlaces(text: string): Scanner {
  const scanner = new Scanner(text);
  scanner.run();
  return scanner;
}

/** Names of keys are text, places in a list are numbers. */
interface PlaceNode {
  place?: Place;
  inner?: Map<string | number, PlaceNode>;
}

const bareKey = /[A-Za-z0-9_-]+/y;
const [TAB, NEWLINE, RETURN, SPACE, HASH] = [0x09, 0x0a, 0x0d, 0x20, 0x23];

class Scanner {
  readonly root: PlaceNode = {};
  double: { first: number; second: number } | undefined;
  /** Of the last word that was read as a key. */
  #key: Span = { start: 0, end: 0 };
  readonly #text: string;
  readonly #arrayTables = new Map<string, number>();
  #at = 0;
  #line = 1;
  #table: Path = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    for (this.#skipBlank(); this.#at < this.#text.length; this.#skipBlank()) {
      if (this.#peek() === '[') this.#header();
      else this.#pair(this.#table);
    }
  }

  #header(): void {
    const line = this.#line;
    const isArray = this.#text.startsWith('[[', this.#at);
    this.#step(isArray ? 2 : 1);
    const keys = this.#keys(']');
    this.#step(isArray ? 2 : 1);
    this.#table = this.#resolve(keys, isArray);
    this.#record(this.#table, { line });
  }

  /** `[a.b]` below `[[a]]` belongs to the latest element of `a`. */
  #resolve(keys: readonly string[], isArray: boolean): Path {
    let path: Path = [];
    for (const [index, key] of keys.entries()) {
      path = [...path, key];
      const name = JSON.stringify(path);
      const isLast = index === keys.length - 1;
      if (isLast && isArray) {
        this.#arrayTables.set(name, (this.#arrayTables.get(name) ?? -1) + 1);
      }
      const latest = this.#arrayTables.get(name);
      if (latest !== undefined) path = [...path, latest];
    }
    return path;
  }

  #pair(prefix: Path): void {
    const line = this.#line;
    const before = this.#at;
    const path = [...prefix, ...this.#keys('=')];
    const place: Place = { line, key: this.#key };
    this.#record(path, place);
    this.#step(1);
    place.value = this.#value(path);
    // As in #array: whatever happens, go on; a scanner that stands still would hang the start.
    if (this.#at === before) this.#step(1);
  }

  #keys(end: string): string[] {
    const keys: string[] = [];
    while (this.#at < this.#text.length && this.#peek() !== end) {
      const char = this.#peek();
      const start = this.#at;
      if (char === '"' || char === "'") keys.push(this.#string());
      else if (/[A-Za-z0-9_-]/.test(char)) keys.push(this.#bare());
      else {
        this.#step(1);
        continue;
      }
      this.#key = { start, end: this.#at };
    }
    return keys;
  }

  #value(path: Path): Span {
    this.#skipBlank();
    const start = this.#at;
    const char = this.#peek();
    if (char === '"' || char === "'") this.#string();
    else if (char === '[') this.#array(path);
    else if (char === '{') this.#inlineTable(path);
    else while (this.#at < this.#text.length && !/[,\]}\n#]/.test(this.#peek())) this.#step(1);
    const end = start + this.#text.slice(start, this.#at).trimEnd().length;
    return { start, end };
  }

  #array(path: Path): void {
    this.#step(1);
    for (let index = 0; this.#enter(']'); index += 1) {
      const before = this.#at;
      const place: Place = { line: this.#line };
      this.#record([...path, index], place);
      place.value = this.#value([...path, index]);
      this.#skipBlank();
      if (this.#peek() === ',' || this.#at === before) this.#step(1);
    }
    this.#step(1);
  }

  #inlineTable(path: Path): void {
    this.#step(1);
    while (this.#enter('}')) {
      this.#pair(path);
      this.#skipBlank();
      if (this.#peek() === ',') this.#step(1);
    }
    this.#step(1);
  }

  #enter(end: string): boolean {
    this.#skipBlank();
    return this.#at < this.#text.length && this.#peek() !== end;
  }

  #string(): string {
    const quote = this.#peek();
    const isLong = this.#text.startsWith(quote.repeat(3), this.#at);
    const fence = isLong ? quote.repeat(3) : quote;
    this.#step(fence.length);
    const start = this.#at;
    while (this.#at < this.#text.length && !this.#text.startsWith(fence, this.#at)) {
      this.#step(quote === '"' && this.#peek() === '\\' ? 2 : 1);
    }
    const content = this.#text.slice(start, this.#at);
    this.#step(fence.length);
    // A long string may end in up to five quotes, of which two are content.
    while (isLong && this.#peek() === quote) this.#step(1);
    return content;
  }

  #bare(): string {
    bareKey.lastIndex = this.#at;
    const word = bareKey.exec(this.#text)?.[0] ?? '';
    this.#at += word.length;
    return word;
  }

  #skipBlank(): void {
    while (this.#at < this.#text.length) {
      const char = this.#text.charCodeAt(this.#at);
      if (char === HASH) {
        const newline = this.#text.indexOf('\n', this.#at);
        this.#at = newline === -1 ? this.#text.length : newline;
      } else if (char === NEWLINE) this.#step(1);
      else if (char === SPACE || char === TAB || char === RETURN) this.#at += 1;
      else if (char > 0x7f && /\s/.test(this.#peek())) this.#at += 1;
      else return;
    }
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  #step(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      if (this.#text[this.#at] === '\n') this.#line += 1;
      this.#at += 1;
    }
  }

  #record(path: Path, place: Place): void {
    let node = this.root;
    for (const key of path) {
      node.inner ??= new Map();
      let next = node.inner.get(key);
      if (next === undefined) {
        next = {};
        node.inner.set(key, next);
      }
      node = next;
    }
    if (node.place === undefined) node.place = place;
    else this.double ??= { first: node.place.line, second: place.line };
  }
}
