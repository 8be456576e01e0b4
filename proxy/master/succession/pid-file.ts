/** The file that says which process is the main one: whole at any moment, and gone with the proxy. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ProxyError } from '../../shared/errors.ts';

export class PidFile {
  readonly #path: string | undefined;
  readonly #pid: number;

  /** Without a path nothing is written. */
  constructor(path: string | undefined, pid: number) {
    this.#path = path;
    this.#pid = pid;
  }

  /**
   * Takes the place of whatever file is there: the command socket has shown that no other proxy
   * lives here, or this one replaces it.
   * @throws {ProxyError} PROXY_CONFIG_INVALID when it cannot be written.
   */
  write(): void {
    if (this.#path === undefined) return;
    const beside = `${this.#path}.${this.#pid}`;
    try {
      writeFileSync(beside, `${this.#pid}\n`, { mode: 0o644 });
      renameSync(beside, this.#path);
    } catch (cause) {
      rmSync(beside, { force: true });
      throw cannotWrite(cause);
    }
  }

  /** Only this process's own: another one may have written its pid by now. */
  remove(): void {
    if (this.#path === undefined) return;
    try {
      if (readFileSync(this.#path, 'utf8').trim() === String(this.#pid)) rmSync(this.#path);
    } catch {
      // Somebody else was tidy.
    }
  }
}

function cannotWrite(cause: unknown): ProxyError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ProxyError('PROXY_CONFIG_INVALID', `pid_file_path: ${why}`, cause);
}
