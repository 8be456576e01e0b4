/** Which addresses are one client: IPv4 as it is; IPv6 by /64, which one subscriber has at least. */

const GROUPS_OF_64 = 4;

/** `ip` as the kernel writes it. */
export function clientKey(ip: string): string {
  const colon = ip.indexOf(':');
  if (colon < 0) return ip;
  if (ip.startsWith('::ffff:') && ip.includes('.')) return ip.slice(7);
  const [before = '', after] = (ip.split('%')[0] ?? '').split('::');
  const left = groups(before);
  const right = groups(after ?? '');
  const zeros = after === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const all = [...left, ...new Array<string>(zeros).fill('0'), ...right];
  return `${all.slice(0, GROUPS_OF_64).map(shortest).join(':')}::/64`;
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function shortest(group: string): string {
  return group.replace(/^0+(?=.)/, '').toLowerCase();
}
