/** `RUST_LOG=info,module=trace`, which said how much Sōzu logs: here there is one level for all. */
import type { Config } from '../config/load.ts';
import { LOG_LEVELS } from '../shared/log-level.ts';
import { suggest } from '../shared/nearest.ts';

/** The level of the variable wins over that of the file. */
export function withRustLog(config: Config, rustLog: string | undefined): Config {
  if (rustLog === undefined || rustLog === '') return config;
  const parts = rustLog.split(',').map(part => part.trim());
  const wanted = parts.find(part => part !== '' && !part.includes('='));
  const level = LOG_LEVELS.find(each => each === wanted?.toLowerCase());
  const modules = parts.filter(part => part.includes('='));
  const notes = modules.map(each => `RUST_LOG: ${each} has no effect: there is one level for all`);
  if (level !== undefined) return withLevel(config, level, notes);
  const unknown =
    wanted === undefined ? [] : [`RUST_LOG: "${wanted}" is no level${suggest(wanted, LOG_LEVELS)}`];
  return {
    ...config,
    warnings: [...config.warnings, ...unknown],
    notes: [...config.notes, ...notes],
  };
}

function withLevel(config: Config, logLevel: (typeof LOG_LEVELS)[number], notes: string[]): Config {
  const { settings, requests } = config;
  const dataPlane = { ...settings.dataPlane, logLevel };
  const others = requests.filter(each => each.kind !== 'configure');
  return {
    ...config,
    settings: { ...settings, logLevel, dataPlane },
    requests: [{ kind: 'configure', settings: dataPlane }, ...others],
    notes: [...config.notes, `RUST_LOG: the log level is ${logLevel}`, ...notes],
  };
}
