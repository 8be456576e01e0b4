/** The health checks of the main process, over real sockets. */
import type { EventBody } from '../command/events.ts';
import type { BackendHealth } from '../command/worker-messages.ts';
import { Prober } from '../health/prober.ts';
import { TimerWheel } from '../net/socket/timer-wheel.ts';
import { socketDialer } from '../net/upstream/dialer.ts';

/** Answers to health checks are small. */
const READ_BUFFER_BYTES = 16 * 1024;

export function mainProber(
  emit: (event: EventBody) => void,
  onChange: (change: BackendHealth) => void,
): Prober {
  return new Prober({
    dial: socketDialer(Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)),
    timers: new TimerWheel(),
    random: Math.random,
    emit,
    onChange,
  });
}
