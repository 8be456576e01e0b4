/** Arguments as they are typed → values, with the sentence for those that are wrong. */
import { InvalidArgumentError } from 'commander';
import type * as z from 'zod';
import {
  backendAddressField,
  fieldNameField,
  idField,
  textField,
  weightField,
} from '../command/fields.ts';
import { rateField, secondsField, secondsOrOffField } from '../config/units.ts';
import { formatAddress, parseAddress } from '../shared/address.ts';

/** A day. */
const LONGEST_SECONDS = 86_400;

export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Seconds, also as a fraction. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d{1,5}(\.\d{1,3})?$/.test(text) || seconds > LONGEST_SECONDS) {
    throw new InvalidArgumentError(`It must be a number of seconds, at most ${LONGEST_SECONDS}.`);
  }
  return seconds;
}

/** As a request has it; nothing when none was given. */
export function deadlineOf({ deadline }: { readonly deadline?: number }): {
  readonly deadlineMs?: number;
} {
  return deadline === undefined ? {} : { deadlineMs: Math.round(deadline * 1000) };
}

export function parseOneAddress(text: string): string {
  const address = parseAddress(text);
  if (!address.ok) throw new InvalidArgumentError(address.error.message);
  return formatAddress(address.value.ip, address.value.port);
}

export function parseAddresses(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(',').map(parseOneAddress)];
}

/** `ip:port` or `name:port`. */
export function parseBackendAddress(text: string): string {
  return checked(backendAddressField, text);
}

export function parseId(text: string): string {
  return checked(idField, text);
}

export function parseWeight(text: string): number {
  return checked(weightField, parseCount(text));
}

/** `Name: value`. */
export function parseField(text: string): [name: string, value: string] {
  const colon = text.indexOf(':');
  if (colon < 0) throw new InvalidArgumentError('Write it as "Name: value".');
  const name = checked(fieldNameField, text.slice(0, colon));
  return [name, checked(textField, text.slice(colon + 1).trim())];
}

/** The value, or a usage error that says why not. */
export function checked<Out, In>(field: z.ZodType<Out, In>, value: In): Out {
  const decoded = field.safeParse(value);
  if (decoded.success) return decoded.data;
  const [issue] = decoded.error.issues;
  throw new InvalidArgumentError(`It ${issue?.message ?? 'is not possible'}.`);
}

/** Seconds, as the config file has them → milliseconds. */
export function parseDuration(text: string): number {
  return checked(secondsField, parseNumber(text));
}

/** 0 turns off what it limits. */
export function parseDurationOrOff(text: string): number {
  return checked(secondsOrOffField, parseNumber(text));
}

/** `100` or `100/200`: requests per second, and how many at once. */
export function parseRate(text: string): { perSecond: number; burst?: number } {
  const [perSecond = '', burst] = text.split('/');
  return checked(rateField, {
    per_second: parseNumber(perSecond),
    ...(burst === undefined ? {} : { burst: parseCount(burst) }),
  });
}

export function parseNumber(text: string): number {
  if (!/^\d{1,12}(?:\.\d{1,6})?$/.test(text)) {
    throw new InvalidArgumentError('It must be a number.');
  }
  return Number(text);
}
