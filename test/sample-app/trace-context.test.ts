import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { continueTrace } from '../../sample-app/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const fixed = (bytes: number): string => 'ab'.repeat(bytes);

function testContinued(field: string, traceparent: string): void {
  it(`goes on with ${field}`, () => {
    assert.equal(continueTrace(field, fixed).traceparent, traceparent);
  });
}

function testBegun(field: string | undefined): void {
  it(`begins a trace instead of ${field}`, () => {
    const { traceId, spanId, traceparent } = continueTrace(field, fixed);
    assert.deepEqual([traceId, spanId], [fixed(16), fixed(8)]);
    assert.equal(traceparent, `00-${fixed(16)}-${fixed(8)}-01`);
  });
}

describe('continueTrace', () => {
  testContinued(`00-${TRACE}-${PARENT}-01`, `00-${TRACE}-${fixed(8)}-01`);
  testContinued(`00-${TRACE}-${PARENT}-00`, `00-${TRACE}-${fixed(8)}-00`);
  testContinued(`cc-${TRACE}-${PARENT}-01-later`, `00-${TRACE}-${fixed(8)}-01`);

  testBegun(undefined);
  testBegun('');
  testBegun(`ff-${TRACE}-${PARENT}-01`);
  testBegun(`00-${TRACE}-${PARENT}-01-more`);
  testBegun(`00-${'0'.repeat(32)}-${PARENT}-01`);
  testBegun(`00-${TRACE}-${'0'.repeat(16)}-01`);
  testBegun(`00-${TRACE.toUpperCase()}-${PARENT}-01`);
  testBegun(`00-${TRACE}-${PARENT}`);

  it('takes another span each time', () => {
    const field = `00-${TRACE}-${PARENT}-01`;
    assert.notEqual(continueTrace(field).spanId, continueTrace(field).spanId);
  });
});
