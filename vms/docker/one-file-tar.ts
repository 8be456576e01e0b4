/** A tar archive (ustar) that holds one file: what a Docker engine takes files as. */

const BLOCK = 512;

/** `name` has at most 100 bytes of ASCII; `mode` is octal, 0o644 by default. */
export function tarOf(name: string, content: Buffer, mode = 0o644): Buffer {
  if (!/^[\x20-\x7e]{1,100}$/.test(name)) throw new RangeError(`No name for a tar entry: ${name}.`);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([
    header(name, content.length, mode),
    content,
    padding,
    Buffer.alloc(2 * BLOCK),
  ]);
}

function header(name: string, size: number, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 'ascii');
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write('        ', 148); // the checksum counts itself as blanks
  block.write('0', 156);
  block.write('ustar\0' + '00', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
