/** Program: binds a port of the loopback and gives the socket to its parent, as a main process does. */
import { openListeningSocket } from '../../proxy/master/sockets/listening-sockets.ts';

const { address, handle } = await openListeningSocket('127.0.0.1:0', []);
// The types know net.Server only, which accepts; this handle is merely bound.
process.send?.(address, handle as never, {}, () => process.exit(0));
