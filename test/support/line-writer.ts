/** A process that appends lines of many lengths: `FILE NAME COUNT`. */
import { LineFile } from '../../proxy/log/line-file.ts';

const [file = '', name = '', count = '0'] = process.argv.slice(2);
const lines = new LineFile({
  target: { file },
  onTrouble: cause => {
    throw new Error(cause);
  },
  onRecovered: () => undefined,
});
for (let n = 0; n < Number(count); n++) {
  lines.write(`${name} ${n} ${name.repeat(n % 1500)}\n`);
  // Whole blocks of all processes go out at the same time.
  if (n % 50 === 0) await new Promise(resolve => setImmediate(resolve));
}
await lines.close(30_000);
process.exit(lines.linesDropped === 0 ? 0 : 1);
