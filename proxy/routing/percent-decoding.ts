/** Text as whoever decodes it once would read it; what is no `%XX` stays as it is. */

export function percentDecoded(text: string): string {
  let decoded = '';
  let from = 0;
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
    const byte = (hexValue(text.charCodeAt(at + 1)) << 4) | hexValue(text.charCodeAt(at + 2));
    if (byte > 0xff) continue;
    // A part of a character: only bytes can be put together.
    if (byte > 0x7f) return bytesDecoded(text);
    decoded += text.slice(from, at) + String.fromCharCode(byte);
    from = at + 3;
    at += 2;
  }
  return from === 0 ? text : decoded + text.slice(from);
}

function bytesDecoded(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const decoded = bytes.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1').toString('utf8');
}

/** More than 15 for what is no hexadecimal digit, which makes the whole more than any byte. */
export function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : 0x100;
}
