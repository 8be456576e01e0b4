/** A small strict reader of HTTP/1.1 messages for both simulated sides; shares no code with the proxy. */

export interface SimMessage {
  readonly startLine: string;
  /** Names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/** What a reader must know that the message does not say. */
export interface MessageContext {
  /** The answer to a HEAD request. */
  readonly hasNoBody: boolean;
  readonly kind: 'request' | 'answer';
}

export type ReadMessage =
  | { readonly state: 'incomplete' }
  | { readonly state: 'complete'; readonly message: SimMessage; readonly rest: string }
  | { readonly state: 'wrong'; readonly why: string };

const INCOMPLETE: ReadMessage = { state: 'incomplete' };

/** `ended`: no more bytes will come. Text is Latin-1. */
export function readMessage(text: string, context: MessageContext, ended: boolean): ReadMessage {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return INCOMPLETE;
  const [startLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return wrong(`bad line ${JSON.stringify(line)}`);
    const key = name.toLowerCase();
    if (fields.has(key) && key !== 'set-cookie') return wrong(`${key} twice`);
    fields.set(key, value.trim());
  }
  const head = { startLine, fields };
  return readBody(head, text.slice(headEnd + 4), context, ended);
}

function readBody(
  head: Omit<SimMessage, 'body'>,
  text: string,
  context: MessageContext,
  ended: boolean,
): ReadMessage {
  const length = head.fields.get('content-length');
  const coding = head.fields.get('transfer-encoding');
  const complete = (body: string, rest: string): ReadMessage => ({
    state: 'complete',
    message: { ...head, body },
    rest,
  });
  if (length !== undefined && coding !== undefined) return wrong('two framings');
  const isBodiless = context.hasNoBody || /^HTTP\/1\.1 (1\d\d|204|304)/.test(head.startLine);
  if (isBodiless) return complete('', text);
  if (coding !== undefined)
    return coding === 'chunked' ? readChunks(text, complete) : wrong(coding);
  if (length !== undefined) {
    if (!/^\d+$/.test(length)) return wrong(`length ${length}`);
    const size = Number(length);
    return text.length < size ? INCOMPLETE : complete(text.slice(0, size), text.slice(size));
  }
  if (context.kind === 'request') return complete('', text);
  return ended ? complete(text, '') : INCOMPLETE;
}

function readChunks(
  text: string,
  complete: (body: string, rest: string) => ReadMessage,
): ReadMessage {
  let body = '';
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return INCOMPLETE;
    const line = text.slice(at, lineEnd);
    if (!/^[0-9a-f]+$/i.test(line)) return wrong(`chunk size ${JSON.stringify(line)}`);
    const size = Number.parseInt(line, 16);
    const start = lineEnd + 2;
    if (text.length < start + size + 2) return INCOMPLETE;
    if (text.slice(start + size, start + size + 2) !== '\r\n')
      return wrong('chunk without its end');
    body += text.slice(start, start + size);
    at = start + size + 2;
    if (size === 0) return complete(body, text.slice(at));
  }
}

function wrong(why: string): ReadMessage {
  return { state: 'wrong', why };
}
