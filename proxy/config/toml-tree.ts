/** A TOML text as a tree that keeps what a parser of values drops: comments, empty lines, spellings. */

export interface TomlDocument {
  readonly items: readonly Item[];
}

export type Item =
  | { readonly kind: 'blank' }
  | { readonly kind: 'comment'; readonly text: string }
  /** `keys` as it is written, without blanks around the dots. */
  | {
      readonly kind: 'header';
      readonly keys: string;
      readonly isList: boolean;
      readonly comment: string;
    }
  | Pair;

export interface Pair {
  readonly kind: 'pair';
  readonly key: string;
  readonly value: Value;
  /** From the first character of the key to the `=`. */
  readonly equalsAt: number;
  /** Behind the value, '' when there is none. */
  readonly comment: string;
}

export type Value =
  | { readonly kind: 'scalar'; readonly text: string }
  | {
      readonly kind: 'list' | 'table';
      readonly members: readonly Member[];
      readonly isTall: boolean;
    };

/** What stands between the commas of a list or an inline table, comments and empty lines included. */
export type Member =
  | { readonly kind: 'blank' }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'value'; readonly key: string; readonly value: Value; comment: string };

/** `text` has been accepted by the parser of values. */
export function readTree(text: string): TomlDocument {
  return new Reader(text).document();
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): TomlDocument {
    const items: Item[] = [];
    while (this.#at < this.#text.length) items.push(this.#item());
    return { items };
  }

  #item(): Item {
    this.#skipSpaces();
    const char = this.#peek();
    if (char === '#') {
      const text = this.#comment();
      this.#endLine();
      return { kind: 'comment', text };
    }
    if (char === '\n' || char === '\r' || char === '') {
      this.#endLine();
      return { kind: 'blank' };
    }
    return char === '[' ? this.#header() : this.#pairLine();
  }

  #header(): Item {
    const isList = this.#text.startsWith('[[', this.#at);
    this.#at += isList ? 2 : 1;
    const keys = this.#keys(']');
    this.#at += isList ? 2 : 1;
    return { kind: 'header', keys, isList, comment: this.#restOfLine() };
  }

  #pairLine(): Item {
    const start = this.#at;
    const key = this.#keys('=');
    const equalsAt = this.#at - start;
    this.#at += 1;
    const value = this.#value();
    return { kind: 'pair', key, value, equalsAt, comment: this.#restOfLine() };
  }

  #restOfLine(): string {
    this.#skipSpaces();
    const comment = this.#peek() === '#' ? this.#comment() : '';
    this.#endLine();
    return comment;
  }

  /** Stands before `end` afterwards. */
  #keys(end: string): string {
    let keys = '';
    while (this.#at < this.#text.length && this.#peek() !== end) {
      const char = this.#peek();
      if (char === '"' || char === "'") keys += this.#string();
      else {
        if (char !== ' ' && char !== '\t') keys += char;
        this.#at += 1;
      }
    }
    return keys;
  }

  #value(): Value {
    this.#skipSpaces();
    const char = this.#peek();
    if (char === '"' || char === "'") return { kind: 'scalar', text: this.#string() };
    if (char === '[') return this.#members('list', ']');
    if (char === '{') return this.#members('table', '}');
    const text = /^[^,\]}#\r\n]*/.exec(this.#text.slice(this.#at, this.#at + 256))?.[0] ?? '';
    this.#at += text.length;
    return { kind: 'scalar', text: text.trimEnd() };
  }

  #members(kind: 'list' | 'table', end: string): Value {
    const members: Member[] = [];
    let isTall = false;
    let newlines = 0;
    this.#at += 1;
    while (this.#at < this.#text.length && this.#peek() !== end) {
      const char = this.#peek();
      if (char === '\n') {
        isTall = true;
        newlines += 1;
      }
      if (/[\s,]/.test(char)) {
        this.#at += 1;
        continue;
      }
      if (newlines > 1 && members.length > 0) members.push({ kind: 'blank' });
      if (char === '#') this.#memberComment(members, newlines === 0);
      else members.push(this.#member(kind));
      newlines = 0;
    }
    this.#at += 1;
    return { kind, members, isTall };
  }

  #memberComment(members: Member[], isBehind: boolean): void {
    const text = this.#comment();
    const last = members.at(-1);
    if (isBehind && last?.kind === 'value' && last.comment === '') last.comment = text;
    else members.push({ kind: 'comment', text });
  }

  #member(kind: 'list' | 'table'): Member {
    let key = '';
    if (kind === 'table') {
      key = this.#keys('=');
      this.#at += 1;
    }
    return { kind: 'value', key, value: this.#value(), comment: '' };
  }

  #string(): string {
    const start = this.#at;
    const quote = this.#peek();
    const isLong = this.#text.startsWith(quote.repeat(3), this.#at);
    const fence = isLong ? quote.repeat(3) : quote;
    this.#at += fence.length;
    while (this.#at < this.#text.length && !this.#text.startsWith(fence, this.#at)) {
      this.#at += quote === '"' && this.#peek() === '\\' ? 2 : 1;
    }
    this.#at += fence.length;
    // A long string may end in up to five quotes, of which two are content.
    while (isLong && this.#peek() === quote) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #comment(): string {
    const newline = this.#text.indexOf('\n', this.#at);
    const end = newline === -1 ? this.#text.length : newline;
    const text = this.#text.slice(this.#at, end).trimEnd();
    this.#at = end;
    return text;
  }

  #endLine(): void {
    const newline = this.#text.indexOf('\n', this.#at);
    this.#at = newline === -1 ? this.#text.length : newline + 1;
  }

  #skipSpaces(): void {
    while (this.#peek() === ' ' || this.#peek() === '\t') this.#at += 1;
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }
}
