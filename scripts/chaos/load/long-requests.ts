/** What lasts: slow downloads, checked to the last byte, and WebSockets that talk for a while. */
import { get } from 'node:http';
import { connect } from 'node:net';
import WebSocket from 'ws';
import { bodyOf } from '../../bench/backends/nginx.ts';
import { now } from '../../bench/load/pacer.ts';
import { PATIENCE_MS, type Traffic } from './short-requests.ts';
import { CUT, INCOMPLETE } from './visit.ts';

/** Of each kind, at the same time. */
const AT_ONCE = 3;
const DOWNLOAD_BYTES = 200_000;
export const DOWNLOAD_MS = 1_200;
const MESSAGES = 8;
const MESSAGE_EVERY_MS = 150;
/** Where nothing answers, nobody asks as fast as he can. */
const REST_MS = 50;

interface Ended {
  readonly outcome: string;
  readonly by: string;
  readonly port: number;
}

export class LongRequests {
  private readonly traffic: Traffic;
  private loops: Promise<void>[] = [];
  private stopping = false;
  private count = 0;

  constructor(traffic: Traffic) {
    this.traffic = traffic;
  }

  start(): void {
    for (let n = 0; n < AT_ONCE; n++) {
      this.loops.push(this.repeat(() => this.download()));
      this.loops.push(this.repeat(() => this.converse()));
    }
  }

  /** Begins nothing more; resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.loops);
    this.loops = [];
  }

  private async repeat(once: () => Promise<Ended>): Promise<void> {
    while (!this.stopping) {
      const beganAt = now();
      const ended = await once();
      const ms = now() - beganAt;
      this.traffic.record({ lane: 'long', beganAt, ms, connectedAt: beganAt, ...ended });
      await new Promise(resolve => setTimeout(resolve, REST_MS));
    }
  }

  private download(): Promise<Ended> {
    const { host, port, hostField } = this.traffic;
    const path = `/d${this.count++}?bytes=${DOWNLOAD_BYTES}&ms=${DOWNLOAD_MS}`;
    let text = '';
    let by = '';
    let clientPort = 0;
    return new Promise(resolve => {
      const end = (outcome: string): void => {
        clearTimeout(timer);
        resolve({ outcome, by, port: clientPort });
      };
      const failed = (error: NodeJS.ErrnoException): void => {
        if (error.code === 'ECONNREFUSED') end('refused');
        else end(by === '' ? CUT : INCOMPLETE);
      };
      const request = get({ host, port, path, agent: false, headers: { Host: hostField } });
      const timer = setTimeout(() => {
        end('timeout');
        request.destroy();
      }, PATIENCE_MS);
      request.on('socket', socket => {
        socket.on('connect', () => {
          clientPort = socket.localPort ?? 0;
        });
      });
      request.on('error', failed);
      request.on('response', response => {
        by = String(response.headers['x-backend'] ?? '');
        response.setEncoding('latin1').on('data', piece => {
          text += piece;
        });
        response.on('error', failed);
        response.on('end', () => end(judgeDownload(response.statusCode ?? 0, text)));
      });
    });
  }

  private converse(): Promise<Ended> {
    const { host, port, hostField } = this.traffic;
    const id = `w${this.count++}`;
    const wire = connect({ host, port, noDelay: true });
    const socket = new WebSocket(`ws://${host}:${port}/${id}`, {
      headers: { Host: hostField },
      createConnection: () => wire,
    });
    let echoes = 0;
    let by = '';
    let clientPort = 0;
    let outcome: string | undefined;
    const say = (): void => {
      if (socket.readyState === WebSocket.OPEN) socket.send(`${id}:${echoes}`);
    };
    const fail = (what: string): void => {
      outcome ??= what;
      socket.terminate();
    };
    return new Promise(resolve => {
      const timer = setTimeout(() => fail('timeout'), PATIENCE_MS);
      wire.on('connect', () => {
        clientPort = wire.localPort ?? 0;
      });
      socket.on('upgrade', response => {
        by = String(response.headers['x-backend'] ?? '');
      });
      socket.on('unexpected-response', (_, response) => fail(`status ${response.statusCode}`));
      socket.on('open', say);
      socket.on('message', data => {
        if (String(data) !== `${id}:${echoes}`) fail('wrong message');
        else if (++echoes < MESSAGES) setTimeout(say, MESSAGE_EVERY_MS);
        else {
          outcome ??= 'ok';
          socket.close();
        }
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') outcome ??= 'refused';
      });
      socket.on('close', () => {
        clearTimeout(timer);
        resolve({ outcome: outcome ?? (by === '' ? CUT : INCOMPLETE), by, port: clientPort });
      });
    });
  }
}

function judgeDownload(status: number, text: string): string {
  if (status !== 200) return `status ${status}`;
  return text === bodyOf(DOWNLOAD_BYTES) ? 'ok' : 'wrong body';
}
