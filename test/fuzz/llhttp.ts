/** Another opinion: how the parser of Node, llhttp, reads what the proxy passes on. */
import { createServer, type IncomingMessage, METHODS } from 'node:http';
import { Duplex } from 'node:stream';
import { readRequests } from '../conformance/http1/strict-reader.ts';

interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly body: string;
}

/** A connection whose client has sent everything at once; what the server writes goes nowhere. */
class Sent extends Duplex {
  constructor(text: string) {
    super();
    this.push(Buffer.from(text, 'latin1'));
    this.push(null);
  }

  override _read(): void {
    // Everything is there from the beginning.
  }

  override _write(_chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    done();
  }
}

/** The requests in the text, or the code of the error. llhttp knows a fixed list of methods. */
function readWithLlhttp(text: string): Promise<SeenRequest | string> {
  const server = createServer();
  const connection = new Sent(text);
  return new Promise<SeenRequest | string>(resolve => {
    server.on('clientError', (error: NodeJS.ErrnoException) =>
      resolve(error.code ?? error.message),
    );
    server.on('connect', () => resolve('CONNECT'));
    server.on('upgrade', request => resolve(seen(request, '')));
    server.on('request', request => {
      let body = '';
      request.setEncoding('latin1').on('data', (part: string) => {
        body += part;
      });
      request.on('end', () => resolve(seen(request, body)));
    });
    server.on('checkContinue', request => server.emit('request', request));
    server.on('checkExpectation', request => server.emit('request', request));
    server.emit('connection', connection);
    connection.once('close', () => resolve('incomplete'));
  }).finally(() => connection.destroy());
}

function seen({ method = '', url: target = '' }: IncomingMessage, body: string): SeenRequest {
  return { method, target, body };
}

/** Why llhttp does not see the request that the strict reader sees; undefined when it does. */
export async function disagreement(text: string): Promise<string | undefined> {
  const [request] = readRequests(text).messages;
  if (request === undefined || !METHODS.includes(request.method)) return undefined;
  // llhttp does not take a tab for a blank around a length.
  const other = await readWithLlhttp(
    text.replace(/^(Content-Length:)\s*(\d+)\s*?\r$/im, '$1 $2\r'),
  );
  if (typeof other === 'string') return `llhttp refuses it: ${other}`;
  const { method, target, body } = request;
  if (other.method === method && other.target === target && other.body === body) return undefined;
  return `llhttp sees ${other.method} ${other.target} with ${other.body.length} bytes`;
}
