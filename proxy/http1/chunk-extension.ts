/**
 * The grammar of chunk extensions (RFC 9112 §7.1.1): `;name`, `;name=token`, `;name="quoted"`. They
 * are passed on, so blanks around their parts, which a recipient would have to take off, are refused.
 */
import { BACKSLASH, CR, DQUOTE, EQUALS, FIELD_CONTENT, SEMICOLON, TOKEN } from './bytes.ts';

/** What the bytes so far are a beginning of; `extension-start` is behind the semicolon. */
export type ChunkExtensionState =
  | 'extension-start'
  | 'extension-name'
  | 'extension-value-start'
  | 'extension-value'
  | 'extension-quoted'
  | 'extension-escape'
  | 'extension-quoted-end';

/** `size-end`: the byte is the CR behind the last extension. */
export function nextInChunkExtension(
  state: ChunkExtensionState,
  byte: number,
): ChunkExtensionState | 'size-end' | 'bad' {
  if (state === 'extension-quoted' || state === 'extension-escape')
    return nextInQuotes(state, byte);
  if (TOKEN[byte] === 1 && state !== 'extension-quoted-end') {
    return isName(state) ? 'extension-name' : 'extension-value';
  }
  if (state === 'extension-value-start') return byte === DQUOTE ? 'extension-quoted' : 'bad';
  if (state === 'extension-start') return 'bad';
  if (byte === EQUALS) return state === 'extension-name' ? 'extension-value-start' : 'bad';
  if (byte === CR) return 'size-end';
  return byte === SEMICOLON ? 'extension-start' : 'bad';
}

function isName(state: ChunkExtensionState): boolean {
  return state === 'extension-start' || state === 'extension-name';
}

function nextInQuotes(state: ChunkExtensionState, byte: number): ChunkExtensionState | 'bad' {
  if (FIELD_CONTENT[byte] !== 1) return 'bad';
  if (state === 'extension-escape') return 'extension-quoted';
  if (byte === DQUOTE) return 'extension-quoted-end';
  return byte === BACKSLASH ? 'extension-escape' : 'extension-quoted';
}
