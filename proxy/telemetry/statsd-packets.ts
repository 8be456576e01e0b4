/** Lines → packets that fit into one frame of Ethernet, so that no router cuts them. */

/** 1500 less the headers of IP and UDP, with room for a tunnel. */
export const MAX_PACKET_BYTES = 1432;

/** A line that is longer alone is left out. Lines are ASCII. */
export function* statsdPackets(lines: Iterable<string>): Generator<string> {
  let packet = '';
  for (const line of lines) {
    if (line.length > MAX_PACKET_BYTES) continue;
    if (packet.length + 1 + line.length > MAX_PACKET_BYTES) {
      yield packet;
      packet = '';
    }
    packet = packet === '' ? line : `${packet}\n${line}`;
  }
  if (packet !== '') yield packet;
}
