/**
 * One long body: `node transfer.js HOST PORT HOST-FIELD up|down BYTES`. Prints how many bytes
 * arrived: of a download those that were read here, of an upload those that the backend counted.
 */
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const [host = '', port, hostField = '', direction, bytes] = process.argv.slice(2);
const CHUNK = Buffer.alloc(65_536, 'Relais ');

function* chunks(total: number): Generator<Buffer> {
  for (let left = total; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, left);
}

function answer(
  outgoing: ReturnType<typeof request>,
): Promise<{ status: number; text: string; size: number }> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', incoming => {
      const result = { status: incoming.statusCode ?? 0, text: '', size: 0 };
      incoming.on('data', (part: Buffer) => {
        result.size += part.length;
        if (result.size < 100) result.text += part.toString('latin1');
      });
      incoming.on('error', reject);
      incoming.on('end', () => resolve(result));
    });
  });
}

const common = { host, port: Number(port), agent: false, path: `/${bytes}` };
const headers = { host: hostField };
if (direction === 'up') {
  const outgoing = request({
    ...common,
    method: 'POST',
    headers: { ...headers, 'content-length': bytes },
  });
  const answered = answer(outgoing);
  await pipeline(Readable.from(chunks(Number(bytes)), { highWaterMark: 4 }), outgoing);
  const { status, text } = await answered;
  if (status !== 200) throw new Error(`status ${status}`);
  console.log(text);
} else {
  const outgoing = request({ ...common, headers });
  const answered = answer(outgoing);
  outgoing.end();
  const { status, size } = await answered;
  if (status !== 200) throw new Error(`status ${status}`);
  console.log(String(size));
}
