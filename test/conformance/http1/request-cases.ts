/** All cases of requests, by category. */
import type { CaseGroup, RequestCase } from './case.ts';
import { chunkExtensions, chunks, trailerFields } from './requests/chunks.ts';
import { expectAndUpgrade, hopByHop } from './requests/connection.ts';
import { fieldLines, lineEndings } from './requests/field-lines.ts';
import { contentLength, smuggling, transferEncoding } from './requests/framing.ts';
import { hostField, requestTarget } from './requests/host-and-target.ts';
import { earlyEnd, pipelining } from './requests/pipelining.ts';
import { requestLine } from './requests/request-line.ts';
import { sizes } from './requests/sizes.ts';

export const REQUEST_CASES: readonly CaseGroup<RequestCase>[] = [
  requestLine,
  requestTarget,
  hostField,
  fieldLines,
  lineEndings,
  contentLength,
  transferEncoding,
  smuggling,
  chunks,
  chunkExtensions,
  trailerFields,
  hopByHop,
  expectAndUpgrade,
  pipelining,
  earlyEnd,
  sizes,
];
