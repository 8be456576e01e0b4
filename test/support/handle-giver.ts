/** A process that gives listening sockets to whoever asks for them: `handle-giver.js SOCKET`. */
import { createServer } from 'node:net';
import { serveHandles } from '../../proxy/net/socket/handle-pipe.ts';
import type { SocketHandle } from '../../proxy/net/socket/wire.ts';

const listening = createServer(socket => socket.end('from the giver'));
await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve));
const address = listening.address();
const port = typeof address === 'object' ? address?.port : undefined;
const { _handle: handle } = listening as unknown as { _handle: SocketHandle };

await serveHandles(process.argv[2] ?? '', pipe => {
  pipe.user = {
    onEnd: () => {},
    onMessage: message => {
      pipe.send({ type: 'echo', text: message['text'] });
      for (let index = 0; index < Number(message['sockets']); index += 1) {
        pipe.send({ type: 'socket', index, port }, handle);
      }
      pipe.send({ type: 'end' });
    },
  };
});
process.send?.('ready');
