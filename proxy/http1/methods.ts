/** What the proxy knows about methods; any other token is forwarded like any other request. */
import type { Head } from './head.ts';

export function methodIs({ bytes, start, methodEnd }: Head, method: string): boolean {
  if (methodEnd - start !== method.length) return false;
  for (let i = 0; i < method.length; i++) {
    if (bytes[start + i] !== method.charCodeAt(i)) return false;
  }
  return true;
}

/** RFC 9110 §9.2.2: doing it twice is doing it once. Anything unknown may not be repeated. */
export function isIdempotent(head: Head): boolean {
  return (
    methodIs(head, 'GET') ||
    methodIs(head, 'HEAD') ||
    methodIs(head, 'PUT') ||
    methodIs(head, 'DELETE') ||
    methodIs(head, 'OPTIONS')
  );
}

export function isHeadRequest(head: Head): boolean {
  return methodIs(head, 'HEAD');
}

/**
 * 501 (RFC 9110 §15.6.2: "not capable of supporting it for any resource"). CONNECT would make an
 * open relay of a reverse proxy, and TRACE shows a client the fields that proxies added for the
 * backend. 405 would have to list the methods that the backend allows, which nobody here knows.
 */
export function isNeverForwarded(head: Head): boolean {
  return methodIs(head, 'CONNECT') || methodIs(head, 'TRACE');
}
