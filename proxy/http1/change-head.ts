/**
 * The head as one backend wants it. It was written before the backend was chosen, so it is changed
 * as text, and only for backends that want that:
 *
 *     GET /shop?id=7 HTTP/1.1          GET /v2?id=7 HTTP/1.1      path: /v2
 *     Host: a.example                  Color: green               lines: Color: green
 *     Color: red                ──▶    Host: a.example
 *     Accept: *\/*                      Accept: *\/*
 */
import type { HeadChanges } from '../shared/head-changes.ts';

const COLON = 0x3a;
const DASH = 0x2d;
const UNDERSCORE = 0x5f;
const QUESTION_MARK = 0x3f;
const STAR = 0x2a;
const VERSION = ' HTTP/1.1\r\n';

/** `text` begins with a head that this proxy wrote; what follows it stays as it is. */
export function changeHead(
  text: string,
  isUpgrade: boolean,
  { names, lines, path, isLast }: HeadChanges,
): string {
  const fieldsStart = text.indexOf('\r\n') + 2;
  const requestLine =
    path === undefined ? text.slice(0, fieldsStart) : withPath(text, fieldsStart, path);
  const close = isLast && !isUpgrade ? 'Connection: close\r\n' : '';
  return `${requestLine}${lines}${close}${withoutFields(text, fieldsStart, names)}`;
}

/** `OPTIONS *` is about the whole server and has no path. */
function withPath(text: string, fieldsStart: number, path: string): string {
  const start = text.indexOf(' ') + 1;
  if (text.charCodeAt(start) === STAR) return text.slice(0, fieldsStart);
  const end = fieldsStart - VERSION.length;
  let query = start;
  while (query < end && text.charCodeAt(query) !== QUESTION_MARK) query++;
  return `${text.slice(0, start)}${path}${text.slice(query, fieldsStart)}`;
}

/** In as few pieces as possible: nearly always one. */
function withoutFields(text: string, fieldsStart: number, names: readonly string[]): string {
  let kept = '';
  let from = fieldsStart;
  let at = fieldsStart;
  for (let end = text.indexOf('\r\n', at); names.length > 0 && end > at; ) {
    if (isNamed(text, at, names)) {
      kept += text.slice(from, at);
      from = end + 2;
    }
    at = end + 2;
    end = text.indexOf('\r\n', at);
  }
  return kept === '' ? text.slice(from) : kept + text.slice(from);
}

function isNamed(text: string, at: number, names: readonly string[]): boolean {
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (text.charCodeAt(at + name.length) === COLON && startsWith(text, at, name)) return true;
  }
  return false;
}

/** Case does not count; `_` is `-` to CGI, WSGI and Rack (RFC 3875 §4.1.18). */
function startsWith(text: string, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = text.charCodeAt(at + i);
    const lower = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
    if ((lower === UNDERSCORE ? DASH : lower) !== name.charCodeAt(i)) return false;
  }
  return true;
}
