/**
 * Sends metrics to a statsd server once a second. UDP asks nobody whether it arrives: a server
 * that is not there costs a packet and, perhaps, an error that is counted.
 */
import { createSocket, type Socket } from 'node:dgram';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StatsdSettings } from '../../config/admin-settings.ts';
import type { MetricsDetail } from '../../shared/metrics-detail.ts';
import { StatsdLines } from '../../telemetry/statsd-lines.ts';
import { statsdPackets } from '../../telemetry/statsd-packets.ts';
import type { MetricsSource } from './metrics-source.ts';

const INTERVAL_MS = 1_000;
/** Many clusters take longer to gather: metrics may cost one part in this many of the time. */
const SHARE = 5;
const PACKETS_PER_TURN = 16;
const MAX_UNSENT_BYTES = 1024 * 1024;

export class StatsdSink {
  packets = 0;
  failures = 0;
  readonly #settings: StatsdSettings;
  readonly #source: MetricsSource;
  readonly #detail: MetricsDetail;
  readonly #lines: StatsdLines;
  readonly #socket: Socket;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(settings: StatsdSettings, source: MetricsSource, detail: MetricsDetail) {
    this.#settings = settings;
    this.#source = source;
    this.#detail = detail;
    this.#lines = new StatsdLines(settings);
    this.#socket = createSocket(settings.ip.includes(':') ? 'udp6' : 'udp4');
    // ICMP said that nobody is there, or the network is down.
    this.#socket.on('error', () => {
      this.failures += 1;
    });
    this.#socket.unref();
  }

  start(): void {
    this.#schedule(INTERVAL_MS);
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#socket.close();
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#round(), delayMs).unref();
  }

  async #round(): Promise<void> {
    const began = performance.now();
    try {
      const view = await this.#source.view({ via: 'start', clientId: 'statsd' });
      let turn = 0;
      for (const packet of statsdPackets(this.#lines.next(view, this.#detail))) {
        this.#send(packet);
        turn += 1;
        if (turn % PACKETS_PER_TURN === 0) await nextTurn();
      }
    } catch {
      // No worker answered: the next round tells what this one could not.
      this.failures += 1;
    }
    const took = performance.now() - began;
    this.#schedule(Math.max(INTERVAL_MS, took * SHARE));
  }

  #send(packet: string): void {
    if (this.#isStopped) return;
    if (this.#socket.getSendQueueSize() > MAX_UNSENT_BYTES) {
      this.failures += 1;
      return;
    }
    this.packets += 1;
    this.#socket.send(packet, this.#settings.port, this.#settings.ip, error => {
      if (error !== null) this.failures += 1;
    });
  }
}
