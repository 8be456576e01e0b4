/** Character classes of RFC 9110 §5.6 as tables, and comparisons on raw bytes. */

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const DQUOTE = 0x22;
export const COMMA = 0x2c;
export const DOT = 0x2e;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;

function table(accepts: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (accepts(byte) ? 1 : 0));
}

function isAlphanumeric(byte: number): boolean {
  return /[0-9A-Za-z]/.test(String.fromCharCode(byte)) && byte < 0x80;
}

/** `tchar` of RFC 9110 §5.6.2: field names, methods. */
export const TOKEN: Uint8Array = table(
  byte => isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".includes(String.fromCharCode(byte)),
);

/** What a field value may hold: no NUL, no CR, no LF, no other control but HTAB (RFC 9110 §5.5). */
export const FIELD_CONTENT: Uint8Array = table(
  byte => byte === HTAB || (byte >= SP && byte !== 0x7f),
);

/** Visible ASCII without `#`: a request target has no fragment (RFC 9112 §3.2). */
export const TARGET: Uint8Array = table(byte => byte > SP && byte < 0x7f && byte !== 0x23);

/** A registered name as hosts are named in practice; stricter than RFC 3986 on purpose. */
export const HOST_NAME: Uint8Array = table(
  byte => isAlphanumeric(byte) || '-._~'.includes(String.fromCharCode(byte)),
);

/** Value of a hexadecimal digit, 255 for every other byte. */
export const HEX_VALUE: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase());
  return digit >= 0 && byte < 0x80 ? digit : 255;
});

/** ASCII upper case to lower case, everything else as it is. */
const LOWER: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte,
);

/** Compares bytes with text that is already lower case. */
export function equalsIgnoringCase(
  bytes: Uint8Array,
  start: number,
  end: number,
  lowerCase: string,
): boolean {
  if (end - start !== lowerCase.length) return false;
  for (let i = start; i < end; i++) {
    if (LOWER[bytes[i] as number] !== lowerCase.charCodeAt(i - start)) return false;
  }
  return true;
}

/** Compares two spans of bytes as field names are compared. */
export function spansEqualIgnoringCase(
  bytes: Uint8Array,
  startA: number,
  startB: number,
  length: number,
): boolean {
  for (let i = 0; i < length; i++) {
    if (LOWER[bytes[startA + i] as number] !== LOWER[bytes[startB + i] as number]) return false;
  }
  return true;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

export function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === HTAB;
}

/** What `toString('latin1')` itself calls; the way there costs as much as a short string. */
interface Latin1Bytes {
  readonly latin1Slice?: (start: number, end: number) => string;
}

const canSlice = typeof (Buffer.prototype as Latin1Bytes).latin1Slice === 'function';

/** As text, one character for each byte; the offsets are inside the bytes. */
export function latin1(bytes: Buffer, start: number, end: number): string {
  return canSlice
    ? (bytes as unknown as Required<Latin1Bytes>).latin1Slice(start, end)
    : bytes.toString('latin1', start, end);
}
