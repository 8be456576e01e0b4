/** One control for the whole life of a stage, although the proxy behind it may be started anew. */
import type { ProxyControl } from '../harness/run/stage.ts';

type Listener = Parameters<ProxyControl['onEvent']>[0];

export class LastingControl implements ProxyControl {
  readonly #listeners: Listener[] = [];
  #current: ProxyControl;

  constructor(first: ProxyControl) {
    this.#current = first;
  }

  /** From now on this one is asked, and its events are told. */
  replace(next: ProxyControl): void {
    this.#current = next;
    for (const listener of this.#listeners) next.onEvent(listener);
  }

  identity(): ReturnType<ProxyControl['identity']> {
    return this.#current.identity();
  }

  backends(): ReturnType<ProxyControl['backends']> {
    return this.#current.backends();
  }

  compareFile(): ReturnType<ProxyControl['compareFile']> {
    return this.#current.compareFile();
  }

  addBackend(name: string, address: string): Promise<string> {
    return this.#current.addBackend(name, address);
  }

  removeBackend(address: string): Promise<string> {
    return this.#current.removeBackend(address);
  }

  setWeight(address: string, weight: number): Promise<string> {
    return this.#current.setWeight(address, weight);
  }

  saveState(file: string): Promise<void> {
    return this.#current.saveState(file);
  }

  loadState(file: string): Promise<void> {
    return this.#current.loadState(file);
  }

  onEvent(listener: Listener): void {
    this.#listeners.push(listener);
    this.#current.onEvent(listener);
  }

  close(): Promise<void> {
    return this.#current.close();
  }
}
